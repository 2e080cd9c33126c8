"""People: who they are to the site, how they come in, how they leave."""
