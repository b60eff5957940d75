"""The way out: which URLs and addresses may be asked, and the clients that ask them."""
