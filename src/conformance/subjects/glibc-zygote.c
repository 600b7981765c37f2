/*
 * Asks the C library of the system it runs on. One request a line on stdin, one answer a line on stdout; each request is answered by a
 * forked child, so that every lookup starts in a fresh process.
 *
 *   request:  call TAB family TAB flags TAB socktype TAB name TAB service TAB NAME=value ...     texts in hex, '-' for NULL
 *   answer:   one JSON object
 *
 * It has its own _start and binds __libc_start_main by its oldest version, so that one binary runs on every glibc since 2.3.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

__asm__(".symver __libc_start_main,__libc_start_main@GLIBC_2.2.5");
extern int __libc_start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
int main(int argc, char **argv, char **envp);
__asm__(".globl _start\n_start:\n xor %ebp,%ebp\n mov %rdx,%r9\n pop %rsi\n mov %rsp,%rdx\n and $-16,%rsp\n push %rax\n push %rsp\n"
        " xor %r8d,%r8d\n xor %ecx,%ecx\n lea main(%rip),%rdi\n call __libc_start_main@PLT\n hlt\n");

static char *unhex(char *text) {
  char *to = text, *from = text;
  if (strcmp(text, "-") == 0) return NULL;
  while (from[0] && from[1]) {
    char pair[3] = {from[0], from[1], 0};
    *to++ = (char)strtol(pair, NULL, 16);
    from += 2;
  }
  *to = 0;
  return text;
}

static void print_string(const char *s) {
  putchar('"');
  for (; *s; s++) {
    unsigned char c = (unsigned char)*s;
    if (c < 32 || c == '"' || c == '\\' || c > 126) printf("\\u%04x", c);
    else putchar(c);
  }
  putchar('"');
}

static const char *h_errno_name(int e) {
  switch (e) {
    case 0: return "NETDB_SUCCESS";
    case 1: return "HOST_NOT_FOUND";
    case 2: return "TRY_AGAIN";
    case 3: return "NO_RECOVERY";
    case 4: return "NO_DATA";
    default: return "NETDB_INTERNAL";
  }
}

static void print_host(struct hostent *h, int saved_errno) {
  char text[64];
  int i;
  if (h == NULL) {
    printf("\"h_errno\":\"%s\",\"errno_number\":%d", h_errno_name(h_errno), saved_errno);
    return;
  }
  printf("\"name\":");
  print_string(h->h_name);
  printf(",\"aliases\":[");
  for (i = 0; h->h_aliases[i]; i++) {
    if (i) putchar(',');
    print_string(h->h_aliases[i]);
  }
  printf("],\"addrtype\":\"%s\",\"addrs\":[", h->h_addrtype == AF_INET ? "AF_INET" : "AF_INET6");
  for (i = 0; h->h_addr_list[i]; i++) {
    inet_ntop(h->h_addrtype, h->h_addr_list[i], text, sizeof text);
    printf("%s\"%s\"", i ? "," : "", text);
  }
  putchar(']');
}

static void answer(char **fields, int count) {
  int family = atoi(fields[1]), flags = atoi(fields[2]), socktype = atoi(fields[3]), i, saved;
  char *name = unhex(fields[4]), *service = unhex(fields[5]);
  struct timeval start, end;
  for (i = 6; i < count; i++) {
    char *pair = unhex(fields[i]);
    if (pair != NULL) putenv(pair);
  }
  alarm(45);
  gettimeofday(&start, NULL);
  printf("{");
  errno = 0;
  if (strcmp(fields[0], "getaddrinfo") == 0) {
    struct addrinfo hints, *result = NULL, *at;
    int code;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = family;
    hints.ai_flags = flags;
    hints.ai_socktype = socktype;
    code = getaddrinfo(name, service, &hints, &result);
    saved = errno;
    if (code != 0) printf("\"code\":%d,\"errno_number\":%d", code, saved);
    else {
      printf("\"addrs\":[");
      for (at = result; at; at = at->ai_next) {
        char text[64];
        if (at != result) putchar(',');
        if (at->ai_family == AF_INET6) {
          struct sockaddr_in6 *six = (struct sockaddr_in6 *)at->ai_addr;
          inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text);
          printf("\"%s", text);
          if (six->sin6_scope_id) printf("%%%u", six->sin6_scope_id);
          putchar('"');
        } else {
          inet_ntop(AF_INET, &((struct sockaddr_in *)at->ai_addr)->sin_addr, text, sizeof text);
          printf("\"%s\"", text);
        }
      }
      printf("]");
      if (result && result->ai_canonname) {
        printf(",\"canonname\":");
        print_string(result->ai_canonname);
      }
    }
  } else {
    struct hostent *h;
    h_errno = 0;
    if (strcmp(fields[0], "gethostbyname") == 0) h = gethostbyname(name);
    else if (strcmp(fields[0], "gethostbyname2") == 0) h = gethostbyname2(name, family);
    else {
      unsigned char bytes[16];
      int af = strchr(name, ':') ? AF_INET6 : AF_INET;
      inet_pton(af, name, bytes);
      h = gethostbyaddr(bytes, af == AF_INET ? 4 : 16, af);
    }
    saved = errno;
    print_host(h, saved);
  }
  gettimeofday(&end, NULL);
  printf(",\"ms\":%ld}\n", (end.tv_sec - start.tv_sec) * 1000L + (end.tv_usec - start.tv_usec) / 1000L);
  fflush(stdout);
}

int main(int argc, char **argv, char **envp) {
  static char line[65536];
  (void)argc;
  (void)argv;
  (void)envp;
  while (fgets(line, sizeof line, stdin)) {
    char *fields[64], *at = line;
    int count = 0, status;
    pid_t child;
    line[strcspn(line, "\n")] = 0;
    for (; count < 64; count++) {
      fields[count] = at;
      at = strchr(at, '\t');
      if (at == NULL) {
        count++;
        break;
      }
      *at++ = 0;
    }
    if (count < 6) {
      printf("{}\n");
      fflush(stdout);
      continue;
    }
    child = fork();
    if (child == 0) {
      answer(fields, count);
      _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
      printf("{\"died\":%d}\n", child < 0 ? -1 : status);
      fflush(stdout);
    }
  }
  exit(0);
}
