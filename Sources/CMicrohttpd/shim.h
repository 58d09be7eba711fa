// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every C module must see the same libc, or two of them clash in one file. Here the other one is
// Swift's own view of libc, which does not define _GNU_SOURCE, and both see fd_set.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/// `open` is variadic, which Swift does not import: a new file for a body that arrives.
static inline int smki_upload_open(const char *_Nonnull path) {
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/// A file to be sent, and its size; negative when there is none.
static inline int smki_answer_open(const char *_Nonnull path, uint64_t *_Nonnull size) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (descriptor < 0) return -1;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor);
    return -1;
  }
  *size = (uint64_t)status.st_size;
  return descriptor;
}

/// What a daemon is started with; Swift cannot call a function with variable arguments.
struct smki_daemon_settings {
  int listening_socket;
  unsigned int threads;
  unsigned int connections;
  unsigned int connections_per_address;
  unsigned int idle_seconds;
  /// Must hold twice what a head may have: the library keeps a record for each line in it too.
  size_t memory_per_connection;
  /// NULL for plain HTTP; the string must live as long as the daemon.
  const char *_Nullable priorities;
  /// Handed to each callback.
  void *_Nonnull context;
  MHD_AccessHandlerCallback _Nonnull access;
  MHD_NotifyConnectionCallback _Nonnull connection;
  MHD_RequestCompletedCallback _Nonnull completed;
  void *_Nullable (*_Nonnull uri)(void *_Nullable, const char *_Nonnull,
                                  struct MHD_Connection *_Nonnull);
  size_t (*_Nonnull unescape)(void *_Nullable, struct MHD_Connection *_Nonnull, char *_Nonnull);
  MHD_LogCallback _Nonnull log;
};

/// Certificates are set for each session by its own credentials; this one must never be asked.
static inline int smki_no_certificate(gnutls_session_t _Nullable session,
                                      const gnutls_datum_t *_Nullable request, int requests,
                                      const gnutls_pk_algorithm_t *_Nullable algorithms,
                                      int algorithm_count,
                                      gnutls_pcert_st *_Nullable *_Nullable certificates,
                                      unsigned int *_Nullable certificate_count,
                                      gnutls_privkey_t _Nullable *_Nullable key) {
  return -1;
}

/// Starts a daemon: MHD_start_daemon has variable arguments.
static inline struct MHD_Daemon *_Nullable smki_MHD_start(
    const struct smki_daemon_settings *_Nonnull s) {
  unsigned int flags =
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
  struct MHD_OptionItem more[4] = {{MHD_OPTION_END, 0, NULL}};
  int count = 0;
  // A pool of one thread is no pool to the library.
  if (s->threads > 1)
    more[count++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, s->threads, NULL};
  if (s->priorities != NULL) {
    flags |= MHD_USE_TLS;
    more[count++] =
        (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)s->priorities};
    more[count++] =
        (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)&smki_no_certificate};
  }
  more[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
  return MHD_start_daemon(
      flags, 0, NULL, NULL, s->access, s->context,
      // The log comes first, so that a complaint about a later option is heard.
      MHD_OPTION_EXTERNAL_LOGGER, s->log, s->context,
      MHD_OPTION_LISTEN_SOCKET, s->listening_socket,
      MHD_OPTION_CONNECTION_LIMIT, s->connections,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->connections_per_address,
      MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->memory_per_connection,
      MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
      MHD_OPTION_NOTIFY_CONNECTION, s->connection, s->context,
      MHD_OPTION_NOTIFY_COMPLETED, s->completed, s->context,
      MHD_OPTION_URI_LOG_CALLBACK, s->uri, s->context,
      MHD_OPTION_UNESCAPE_CALLBACK, s->unescape, s->context,
      MHD_OPTION_ARRAY, more,
      MHD_OPTION_END);
}

/// The library's own function behind ours of the same name (decision 0036). What finds it,
/// RTLD_NEXT, is not in the system's headers without _GNU_SOURCE.
static inline enum MHD_Result smki_MHD_queue_response(struct MHD_Connection *_Nonnull connection,
                                                      unsigned int status,
                                                      struct MHD_Response *_Nonnull response) {
  typedef enum MHD_Result (*function)(struct MHD_Connection *, unsigned int,
                                      struct MHD_Response *);
  static _Atomic(function) found;
  function queue = found;
  if (queue == NULL) {
    queue = (function)dlsym((void *)-1L, "MHD_queue_response");
    found = queue;
  }
  return queue == NULL ? MHD_NO : queue(connection, status, response);
}

/// The octets from the first of the request line to the last of the empty line after the header
/// lines; 0 before that has come.
static inline size_t smki_MHD_head_size(struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info == NULL ? 0 : info->header_size;
}

/// The pointer kept with a connection: MHD_get_connection_info has variable arguments.
static inline void *_Nullable smki_MHD_socket_context(
    struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == NULL ? NULL : info->socket_context;
}

/// The TLS session of a connection, NULL when it has none.
static inline gnutls_session_t _Nullable smki_MHD_tls_session(
    struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  return info == NULL ? NULL : (gnutls_session_t)info->tls_session;
}

/// The socket of a connection, -1 when it has none.
static inline int smki_MHD_socket(struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == NULL ? -1 : info->connect_fd;
}

/// What SO_PEERCRED returns; its name in the system's headers needs _GNU_SOURCE.
struct smki_peer {
  int32_t process;
  uint32_t user;
  uint32_t group;
};

/// The process at the other end of a Unix-domain socket; 0 when it was found.
static inline int smki_peer_of(int socket, struct smki_peer *_Nonnull peer) {
  socklen_t size = sizeof(*peer);
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, peer, &size);
}

/// Another number for a socket, not inherited by programs; fcntl has variable arguments.
static inline int smki_copy_of(int socket) { return fcntl(socket, F_DUPFD_CLOEXEC, 0); }

/// Why the last system call of this thread failed; Swift cannot see the macro of our own headers.
static inline int smki_errno(void) { return errno; }

/// An answer with a copy of the body; Swift does not see the names of the memory modes.
static inline struct MHD_Response *_Nullable smki_MHD_copied_response(size_t size,
                                                                      const void *_Nullable body) {
  return MHD_create_response_from_buffer(size, (void *)body, MHD_RESPMEM_MUST_COPY);
}

/// The date as a header line has it (RFC 9110 section 5.6.7), in 29 characters and a zero.
static inline void smki_http_date(char date[_Nonnull 30]) {
  time_t now = time(NULL);
  struct tm parts;
  gmtime_r(&now, &parts);
  strftime(date, 30, "%a, %d %b %Y %H:%M:%S GMT", &parts);
}

/// Milliseconds of a clock that only goes forward, read without a system call.
static inline int64_t smki_monotonic_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
