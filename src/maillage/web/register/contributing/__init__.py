"""Write a record in steps: with an account, or with a link sent by e-mail; no script needed."""
