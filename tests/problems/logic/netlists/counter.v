// A register: refused.
module counter(input clk, output reg [1:0] q);
  always @(posedge clk) q <= q + 1;
endmodule
