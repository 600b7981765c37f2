// Looks a name up with Go's package net and prints what came of it as one line of JSON.
//
//	go-look-up LookupIPAddr|LookupHost|LookupIP ip|ip4|ip6 NAME-IN-HEXADECIMAL
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"os"
	"time"
)

type answer struct {
	Addrs     []string `json:"addrs"`
	Error     string   `json:"error,omitempty"`
	NotFound  bool     `json:"isNotFound,omitempty"`
	Temporary bool     `json:"isTemporary,omitempty"`
	Timeout   bool     `json:"isTimeout,omitempty"`
	Ms        int64    `json:"ms"`
}

func main() {
	name, _ := hex.DecodeString(os.Args[3])
	var got answer
	var err error
	start := time.Now()
	switch os.Args[1] {
	case "LookupIPAddr":
		var all []net.IPAddr
		all, err = net.DefaultResolver.LookupIPAddr(context.Background(), string(name))
		for _, one := range all {
			got.Addrs = append(got.Addrs, one.String())
		}
	case "LookupHost":
		got.Addrs, err = net.DefaultResolver.LookupHost(context.Background(), string(name))
	case "LookupIP":
		var all []net.IP
		all, err = net.DefaultResolver.LookupIP(context.Background(), os.Args[2], string(name))
		for _, one := range all {
			got.Addrs = append(got.Addrs, one.String())
		}
	}
	got.Ms = time.Since(start).Milliseconds()
	if err != nil {
		got.Error = err.Error()
		var failed *net.DNSError
		if errors.As(err, &failed) {
			got.NotFound, got.Temporary, got.Timeout = failed.IsNotFound, failed.IsTemporary, failed.IsTimeout
		}
	}
	json.NewEncoder(os.Stdout).Encode(got)
}
