/**
 * HTTP/2 as an attacker speaks it: frames made by hand on a socket, with or without what a peer
 * owes, and what the server made of them; what TLS begins with, and what frames carry: messages and
 * tokens.
 */
package dev.dueline.system.abuse.wire;
