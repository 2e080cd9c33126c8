"""Pure computation: a problem in, a result out. No Django, files, network or clock."""
