module culprit/go-look-up

go 1.19
