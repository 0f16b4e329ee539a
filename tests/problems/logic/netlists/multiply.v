// Products of 2 and 4 bits, signed and unsigned.
module multiply2(input [1:0] a, b, output [3:0] y);
  assign y = a * b;
endmodule

module multiply4(input [3:0] a, b, output [7:0] y);
  assign y = a * b;
endmodule
