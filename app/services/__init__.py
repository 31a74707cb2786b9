"""The verbs: plain functions, one module per noun, and the two machines that carry them."""
