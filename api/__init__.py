"""Answer out to people and programs: the command line, the HTTP service and the page."""
