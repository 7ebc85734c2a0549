// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// Go's net/http and gorilla/sessions with the routes of BenchServer.
//
//	gorilla PORT            sessions in their cookies, signed
//	gorilla PORT FOLDER     sessions in files of a folder
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/gorilla/sessions"
)

var key = []byte("a key of a benchmark, whose sessions mean nothing")

func store() sessions.Store {
	if len(os.Args) > 2 {
		return sessions.NewFilesystemStore(os.Args[2], key)
	}
	return sessions.NewCookieStore(key)
}

func main() {
	store := store()
	open := func(w http.ResponseWriter, r *http.Request) *sessions.Session {
		session, err := store.Get(r, "session")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return nil
		}
		return session
	}
	save := func(w http.ResponseWriter, r *http.Request, session *sessions.Session) bool {
		err := session.Save(r, w)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		return err == nil
	}
	http.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "Hello")
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		session := open(w, r)
		if session == nil {
			return
		}
		if username, ok := session.Values["username"].(string); ok {
			fmt.Fprint(w, "Logged in as ", username)
		} else {
			fmt.Fprint(w, "You are not logged in")
		}
	})
	http.HandleFunc("/count", func(w http.ResponseWriter, r *http.Request) {
		session := open(w, r)
		if session == nil {
			return
		}
		count, _ := session.Values["n"].(int)
		session.Values["n"] = count + 1
		if save(w, r, session) {
			fmt.Fprint(w, count+1)
		}
	})
	http.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		session := open(w, r)
		if session == nil {
			return
		}
		session.Values["username"] = r.PostFormValue("username")
		if save(w, r, session) {
			fmt.Fprint(w, "Welcome ", session.Values["username"])
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
