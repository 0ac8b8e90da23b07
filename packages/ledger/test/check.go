// Checks what @kept/ledger made with an implementation that is not ours: golang.org/x/mod, the
// note and tlog packages of the Go checksum database. Reads one JSON object from standard input,
// prints "ok" with the note signed again by Go, or says what it refuses and exits with 1.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type claim struct {
	Note        string
	VerifierKey string
	SignerKey   string
	Index       int64
	Entry       []byte
	Inclusion   []tlog.Hash
	First       int64
	FirstRoot   tlog.Hash
	Consistency []tlog.Hash
	Tiles       map[string][]byte
}

func main() {
	var c claim
	refuse("input", json.NewDecoder(os.Stdin).Decode(&c))

	verifier, err := note.NewVerifier(c.VerifierKey)
	refuse("verifier key", err)
	opened, err := note.Open([]byte(c.Note), note.VerifierList(verifier))
	refuse("note", err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	refuse("size", err)
	root, err := tlog.ParseHash(lines[2])
	refuse("root", err)

	leaf := tlog.RecordHash(c.Entry)
	refuse("inclusion", tlog.CheckRecord(c.Inclusion, size, root, c.Index, leaf))
	refuse("consistency", tlog.CheckTree(c.Consistency, size, root, c.First, c.FirstRoot))

	// Reads our tiles, authenticates them and proves the same from them.
	hashes := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles(c.Tiles))
	inclusion, err := tlog.ProveRecord(size, c.Index, hashes)
	refuse("tiles", err)
	consistency, err := tlog.ProveTree(size, c.First, hashes)
	refuse("tiles", err)
	refuse("same inclusion", same(inclusion, c.Inclusion))
	refuse("same consistency", same(consistency, c.Consistency))

	signer, err := note.NewSigner(c.SignerKey)
	refuse("signer key", err)
	signed, err := note.Sign(&note.Note{Text: opened.Text}, signer)
	refuse("signing", err)
	fmt.Printf("ok\n%s", signed)
}

type tiles map[string][]byte

func (t tiles) Height() int { return 8 }

// Go's paths name the height of a tile, those of C2SP tlog-tiles do not.
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, one := range wanted {
		path := strings.Replace(one.Path(), "tile/8/", "tile/", 1)
		data, there := t[path]
		if !there {
			return nil, fmt.Errorf("no %s", path)
		}
		found = append(found, data)
	}
	return found, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func same(a, b []tlog.Hash) error {
	if len(a) != len(b) {
		return fmt.Errorf("%d hashes, not %d", len(a), len(b))
	}
	for i := range a {
		if !bytes.Equal(a[i][:], b[i][:]) {
			return fmt.Errorf("hash %d differs", i)
		}
	}
	return nil
}

func refuse(what string, err error) {
	if err != nil {
		fmt.Printf("%s: %v\n", what, err)
		os.Exit(1)
	}
}
