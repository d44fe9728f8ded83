module seaworthy.test/tools/pause

go 1.24
