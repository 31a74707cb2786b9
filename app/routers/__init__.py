"""HTTP, and only HTTP: parse, call one service function, return what it returns."""
