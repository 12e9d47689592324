#define _GNU_SOURCE
#include "CListener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct listener {
  // The first member, so that the timer's address is the listener's.
  lws_sorted_usec_list_t timer;
  listener_options options;
  struct lws_context *context;
  struct lws_vhost *host;
  struct lws *door;
  int is_door_held;
};

// What libwebsockets keeps for each connection.
struct seat {
  void *connection;
};

static int on_event(
  struct lws *link, enum lws_callback_reasons reason, void *user, void *in, size_t count);

// The first protocol is that of descriptors without a name.
static const struct lws_protocols protocols[] = {
  {"door", on_event, sizeof(struct seat), 0, 0, NULL, 0},
  {"wire", on_event, sizeof(struct seat), 0, 0, NULL, 0},
  {NULL, NULL, 0, 0, 0, NULL, 0},
};

enum { connections_per_call = 64, receive_bytes = 65536 };

// libwebsockets tells why it cannot do something by its log alone; the last line of the thread that
// creates a listener is its reason.
static __thread char last_line[256];

static void keep_line(int level, const char *line) {
  (void)level;
  snprintf(last_line, sizeof last_line, "%s", line);
  last_line[strcspn(last_line, "\n")] = 0;
}

int listener_bind(const char *host, const char *port, int backlog, int *bound_port, int *error) {
  struct addrinfo hints = {
    .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *places = NULL;
  int code = getaddrinfo(host, port, &hints, &places);
  if (code != 0) {
    *error = code == EAI_SYSTEM ? errno : code;
    return -1;
  }
  int result = -1;
  *error = EADDRNOTAVAIL;
  for (struct addrinfo *place = places; place != NULL && result < 0; place = place->ai_next) {
    int descriptor = socket(
      place->ai_family, place->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, place->ai_protocol);
    if (descriptor < 0) {
      *error = errno;
      continue;
    }
    int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    if (bind(descriptor, place->ai_addr, place->ai_addrlen) == 0 &&
        listen(descriptor, backlog) == 0 &&
        getsockname(descriptor, (struct sockaddr *)&bound, &size) == 0) {
      *bound_port = ntohs(
        bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                    : ((struct sockaddr_in *)&bound)->sin_port);
      result = descriptor;
    } else {
      *error = errno;
      close(descriptor);
    }
  }
  freeaddrinfo(places);
  return result;
}

static void on_tick(lws_sorted_usec_list_t *timer) {
  struct listener *listener = (struct listener *)timer;
  if (listener->is_door_held && listener->door != NULL) {
    listener->is_door_held = 0;
    lws_rx_flow_control(listener->door, 1);
  }
  listener->options.events.ticked(listener->options.events.owner);
  lws_sul_schedule(
    listener->context, 0, &listener->timer, on_tick,
    (lws_usec_t)listener->options.tick_microseconds);
}

struct listener *listener_create(
  const listener_options *options, char *reason, size_t reason_size) {
  lws_set_log_level(LLL_ERR | LLL_WARN, keep_line);
  last_line[0] = 0;
  struct listener *listener = calloc(1, sizeof *listener);
  if (listener == NULL) {
    snprintf(reason, reason_size, "there is no memory");
    close(options->socket);
    return NULL;
  }
  listener->options = *options;

  struct lws_context_creation_info info;
  memset(&info, 0, sizeof info);
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.protocols = protocols;
  info.gid = (gid_t)-1;
  info.uid = (uid_t)-1;
  info.user = listener;
  info.pt_serv_buf_size = receive_bytes;
  info.timeout_secs = options->handshake_seconds;
  info.options = LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME;
  if (options->certificate_file != NULL) {
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.ssl_cert_filepath = options->certificate_file;
    info.ssl_private_key_filepath = options->key_file;
    info.ssl_options_set = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 |
                           SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                           SSL_OP_CIPHER_SERVER_PREFERENCE;
    info.alpn = "http/1.1";
  }
  listener->context = lws_create_context(&info);
  if (listener->context != NULL) listener->host = lws_get_vhost_by_name(listener->context, "default");
  if (listener->host != NULL) {
    lws_sock_file_fd_type door = {.filefd = options->socket};
    listener->door = lws_adopt_descriptor_vhost(
      listener->host, LWS_ADOPT_RAW_FILE_DESC, door, "door", NULL);
  }
  if (listener->door == NULL) {
    snprintf(
      reason, reason_size, "%s", last_line[0] ? last_line : "libwebsockets gave no reason");
    close(options->socket);
    if (listener->context != NULL) lws_context_destroy(listener->context);
    free(listener);
    return NULL;
  }
  lws_sul_schedule(
    listener->context, 0, &listener->timer, on_tick, (lws_usec_t)options->tick_microseconds);
  return listener;
}

int listener_serve(struct listener *listener) { return lws_service(listener->context, 0); }

void listener_wake(struct listener *listener) { lws_cancel_service(listener->context); }

void listener_close_door(struct listener *listener) {
  if (listener->door == NULL) return;
  // The port is free at once, even though libwebsockets lets go of the descriptor later.
  shutdown(listener->options.socket, SHUT_RDWR);
  lws_set_timeout(listener->door, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
  listener->door = NULL;
}

void listener_destroy(struct listener *listener) {
  listener_close_door(listener);
  lws_sul_cancel(&listener->timer);
  // Closes the listening socket as well, which was adopted.
  lws_context_destroy(listener->context);
  free(listener);
}

// Takes what waits in the queue of the listening socket.
static void accept_waiting(struct listener *listener) {
  for (int count = 0; count < connections_per_call; count++) {
    int descriptor = accept4(listener->options.socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      // No descriptors are left: those who wait are taken after the next tick.
      listener->is_door_held = 1;
      lws_rx_flow_control(listener->door, 0);
      return;
    }
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    lws_sock_file_fd_type place = {.sockfd = descriptor};
    // Closes the descriptor where it fails.
    lws_adopt_descriptor_vhost(
      listener->host, LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL, place, "wire", NULL);
  }
}

// Writes the address of the other side and returns whether it is this machine.
static int peer_of(struct lws *link, char *text, size_t size) {
  struct sockaddr_storage place;
  socklen_t length = sizeof place;
  snprintf(text, size, "unknown");
  if (getpeername(lws_get_socket_fd(link), (struct sockaddr *)&place, &length) != 0) return 0;
  if (place.ss_family == AF_INET) {
    struct in_addr address = ((struct sockaddr_in *)&place)->sin_addr;
    inet_ntop(AF_INET, &address, text, (socklen_t)size);
    return (ntohl(address.s_addr) >> 24) == 127;
  }
  if (place.ss_family == AF_INET6) {
    struct in6_addr address = ((struct sockaddr_in6 *)&place)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
      inet_ntop(AF_INET, &address.s6_addr[12], text, (socklen_t)size);
      return address.s6_addr[12] == 127;
    }
    inet_ntop(AF_INET6, &address, text, (socklen_t)size);
    return IN6_IS_ADDR_LOOPBACK(&address);
  }
  return 0;
}

static int on_event(
  struct lws *link, enum lws_callback_reasons reason, void *user, void *in, size_t count) {
  struct seat *seat = user;
  struct listener *listener;
  switch (reason) {
  case LWS_CALLBACK_RAW_RX_FILE:
    listener = lws_context_user(lws_get_context(link));
    if (listener->door == link) accept_waiting(listener);
    return 0;
  case LWS_CALLBACK_RAW_ADOPT: {
    if (seat == NULL) return -1;
    listener = lws_context_user(lws_get_context(link));
    char address[INET6_ADDRSTRLEN];
    int is_loopback = peer_of(link, address, sizeof address);
    seat->connection = listener->options.events.opened(
      listener->options.events.owner, link, address, is_loopback);
    return seat->connection == NULL ? -1 : 0;
  }
  case LWS_CALLBACK_RAW_RX:
    if (seat == NULL || seat->connection == NULL || in == NULL || count == 0) return 0;
    listener = lws_context_user(lws_get_context(link));
    return listener->options.events.received(seat->connection, in, count);
  case LWS_CALLBACK_RAW_WRITEABLE:
    if (seat == NULL || seat->connection == NULL) return 0;
    listener = lws_context_user(lws_get_context(link));
    return listener->options.events.writable(seat->connection);
  case LWS_CALLBACK_RAW_CLOSE:
    if (seat != NULL && seat->connection != NULL) {
      void *connection = seat->connection;
      seat->connection = NULL;
      listener = lws_context_user(lws_get_context(link));
      listener->options.events.closed(connection);
    }
    return 0;
  default:
    return 0;
  }
}

int listener_write(struct lws *link, const uint8_t *bytes, size_t count) {
  // Raw bytes get no header, so libwebsockets reads them and leaves them as they are.
  if (lws_write(link, (unsigned char *)bytes, count, LWS_WRITE_RAW) < 0) return -1;
  return lws_partial_buffered(link) ? 1 : 0;
}

void listener_want_writable(struct lws *link) { lws_callback_on_writable(link); }

void listener_hold(struct lws *link, int is_held) { lws_rx_flow_control(link, !is_held); }

void listener_end_writing(struct lws *link) {
  if (lws_is_ssl(link)) return;
  shutdown(lws_get_socket_fd(link), SHUT_WR);
}

void listener_kill(struct lws *link) {
  lws_set_timeout(link, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

struct thread_work {
  void (*work)(void *argument);
  void *argument;
};

static void *run_thread(void *pointer) {
  struct thread_work work = *(struct thread_work *)pointer;
  free(pointer);
  work.work(work.argument);
  return NULL;
}

int listener_start_thread(void (*work)(void *argument), void *argument) {
  struct thread_work *box = malloc(sizeof *box);
  if (box == NULL) return ENOMEM;
  box->work = work;
  box->argument = argument;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  // A thread inherits what its maker hears, so the maker hears nothing for this moment.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  pthread_t thread;
  int code = pthread_create(&thread, &attributes, run_thread, box);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (code != 0) free(box);
  return code;
}

void listener_accept_text(const uint8_t *bytes, size_t count, char text[32]) {
  unsigned char digest[20];
  lws_SHA1(bytes, count, digest);
  lws_b64_encode_string((const char *)digest, sizeof digest, text, 32);
}
