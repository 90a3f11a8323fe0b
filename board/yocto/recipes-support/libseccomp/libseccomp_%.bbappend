# pith's host tool compiles the services' filters with it.
BBCLASSEXTEND = "native"
