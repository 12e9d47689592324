#ifndef C_LISTENER_H
#define C_LISTENER_H

#include <stddef.h>
#include <stdint.h>

// A listening socket and its connections, whose bytes libwebsockets moves: accepting, TLS, waiting
// for many sockets at once, and keeping what the system does not take at once. What the bytes mean
// is not decided here.
//
// One thread calls everything, except listener_wake, which any thread may call between
// listener_create and listener_destroy.

struct listener;
struct lws;

// What happens to connections. `opened` returns what stands for the connection in the other calls,
// or NULL to refuse it. `received` and `writable` return 0, or -1 to close the connection. `closed`
// is the last call for a connection. `ticked` comes every `tick_microseconds`.
typedef struct {
  void *owner;
  void *(*opened)(void *owner, struct lws *link, const char *address, int is_loopback);
  int (*received)(void *connection, const uint8_t *bytes, size_t count);
  int (*writable)(void *connection);
  void (*closed)(void *connection);
  void (*ticked)(void *owner);
} listener_events;

typedef struct {
  // Listens already; it belongs to the listener from here on, whether creating succeeds or not.
  int socket;
  // Names of PEM files, or NULL for connections without TLS.
  const char *certificate_file;
  const char *key_file;
  unsigned int handshake_seconds;
  uint64_t tick_microseconds;
  listener_events events;
} listener_options;

// Opens a socket that listens, and writes its port. Returns it, or -1 with `error` set: an errno
// where positive, a code of getaddrinfo where negative.
int listener_bind(const char *host, const char *port, int backlog, int *bound_port, int *error);

// Returns NULL with a reason in English where it cannot.
struct listener *listener_create(
  const listener_options *options, char *reason, size_t reason_size);

// Waits for something to happen and makes the calls for it. Returns a negative number when broken.
int listener_serve(struct listener *listener);

// Lets listener_serve return soon.
void listener_wake(struct listener *listener);

// Closes the listening socket; connections stay.
void listener_close_door(struct listener *listener);

// Closes everything, with a `closed` call for each connection.
void listener_destroy(struct listener *listener);

// Hands over bytes; not to be called while an earlier write is not through. Returns 0 when the
// system has taken all, 1 when the rest is kept and `writable` will be called when it has gone, -1
// when the connection is broken.
int listener_write(struct lws *link, const uint8_t *bytes, size_t count);

// Asks for a `writable` call.
void listener_want_writable(struct lws *link);

// Stops reading from a connection, or goes on with it.
void listener_hold(struct lws *link, int is_held);

// Tells the other side that nothing more will come.
void listener_end_writing(struct lws *link);

// Closes a connection soon, after the call that is being made has returned.
void listener_kill(struct lws *link);

// Runs work on a thread of its own that hears no signals. Returns 0, or an errno.
int listener_start_thread(void (*work)(void *argument), void *argument);

// Writes the 28 characters, and a final zero, of the base64 text of the SHA-1 digest that RFC 6455,
// section 4.2.2, asks for.
void listener_accept_text(const uint8_t *bytes, size_t count, char text[32]);

#endif
