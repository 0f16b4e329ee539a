// Words of every kind: arithmetic, signed comparison, shifts, a case, modules inside.
module alu(input signed [3:0] a, b, input [2:0] op, output reg signed [7:0] y, output less, zero);
  wire signed [7:0] sum;
  wire [3:0] code;
  always @* case (op)
    0: y = sum;
    1: y = a - b;
    2: y = a * b;
    3: y = a & ~b;
    4: y = a >>> b[1:0];
    5: y = a << b[1:0];
    6: y = a < b ? a : b;
    default: y = {a, code};
  endcase
  assign less = a < b, zero = ~|y;
  add add_(.x(a), .y(b), .sum(sum));
  gray gray_(.value(b), .code(code));
endmodule

module add(input signed [3:0] x, y, output signed [7:0] sum);
  assign sum = x + y;
endmodule

module gray(input [3:0] value, output [3:0] code);
  assign code = value ^ (value >> 1);
endmodule
