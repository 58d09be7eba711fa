// SPDX-License-Identifier: Apache-2.0
// A cryptographic module that does what SoftHSM does, except where a file beside it says otherwise.
//
// The file is this module's own path with ".fault" behind it. Each line is one fault:
//   <function> <act> <number> [<skip> [<times>]]
// act: answer (return this CKR number), delay (milliseconds, then go on), garble (flip a bit of the
// signature), swap (answer the signature of another input), none (no token in any slot).
// skip and times count calls of the function since the file was put there.
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static CK_FUNCTION_LIST own;
static CK_FUNCTION_LIST_PTR real;
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;
static struct { char name[32]; long calls; } counts[16];
static ino_t counted;

static long count(const char *name, ino_t file) {
  long calls = 0;
  pthread_mutex_lock(&counting);
  if (file != counted) memset(counts, 0, sizeof counts), counted = file;
  for (int i = 0; i < 16; i++) {
    if (!counts[i].name[0]) strncpy(counts[i].name, name, sizeof counts[i].name - 1);
    if (strcmp(counts[i].name, name) == 0) {
      calls = counts[i].calls++;
      break;
    }
  }
  pthread_mutex_unlock(&counting);
  return calls;
}

// What shall go wrong with this call: the act and its number, or an empty act.
static long fault(const char *name, char act[16]) {
  char path[4096], text[1024];
  Dl_info self;
  struct stat status;
  act[0] = 0;
  if (!dladdr((void *)&own, &self)) return 0;
  snprintf(path, sizeof path, "%s.fault", self.dli_fname);
  int file = open(path, O_RDONLY);
  if (file < 0) return 0;
  fstat(file, &status);
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return 0;
  text[length] = 0;
  char *rest = 0;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(0, "\n", &rest)) {
    char function[32], said[16];
    long number = 0, skip = 0, times = 1L << 60;
    if (sscanf(line, "%31s %15s %li %li %li", function, said, &number, &skip, &times) < 3) continue;
    if (strcmp(function, name) != 0) continue;
    long call = count(name, status.st_ino);
    if (call < skip || call >= skip + times) return 0;
    strcpy(act, said);
    return number;
  }
  return 0;
}

#define FAULT(name)                                        \
  char act[16];                                            \
  long number = fault(name, act);                          \
  if (strcmp(act, "answer") == 0) return (CK_RV)number;    \
  if (strcmp(act, "delay") == 0) usleep((useconds_t)number * 1000)

static CK_RV initialize(void *arguments) {
  CK_RV value = real->C_Initialize(arguments);
  return value == CKR_CRYPTOKI_ALREADY_INITIALIZED ? CKR_OK : value;
}
static CK_RV slots(unsigned char present, CK_SLOT_ID *list, unsigned long *length) {
  FAULT("C_GetSlotList");
  if (strcmp(act, "none") == 0) return *length = 0, CKR_OK;
  return real->C_GetSlotList(present, list, length);
}
static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session) {
  FAULT("C_OpenSession");
  return real->C_OpenSession(slot, flags, application, notify, session);
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin,
                   unsigned long length) {
  FAULT("C_Login");
  return real->C_Login(session, user, pin, length);
}
static CK_RV session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *information) {
  FAULT("C_GetSessionInfo");
  return real->C_GetSessionInfo(session, information);
}
static CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  FAULT("C_DestroyObject");
  if (strcmp(act, "none") == 0) return CKR_OK;
  return real->C_DestroyObject(session, object);
}
static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *input, unsigned long length,
                  unsigned char *signature, unsigned long *room) {
  FAULT("C_Sign");
  if (strcmp(act, "swap") == 0 && length > 0) input[length - 1] ^= 1;
  CK_RV value = real->C_Sign(session, input, length, signature, room);
  if (strcmp(act, "garble") == 0 && *room > 0) signature[*room - 1] ^= 1;
  return value;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
  if (!real) {
    void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get =
        library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : 0;
    if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
    own = *real;
    own.C_Initialize = initialize;
    own.C_GetSlotList = slots;
    own.C_OpenSession = open_session;
    own.C_Login = login;
    own.C_GetSessionInfo = session_info;
    own.C_DestroyObject = destroy;
    own.C_Sign = sign;
  }
  *list = &own;
  return CKR_OK;
}
