"""The adviser's bench without its pages: accounts, sign-in, who may do what, the record of what was done."""
