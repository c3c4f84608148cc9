def table(path): pass
