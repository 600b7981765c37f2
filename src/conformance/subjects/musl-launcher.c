/* Answers look-ups with the musl that it is run with: one line in (tab-separated: call, family, flags, name in hexadecimal), one JSON line out.
 * Each look-up is a process of its own, since some configurations kill it. Built with musl-gcc. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void text(const char *s) {
  putchar('"');
  for (; *s; s++) {
    unsigned char c = *s;
    if (c < 0x20 || c == '"' || c == '\\' || c > 0x7e) printf("\\u%04x", c);
    else putchar(c);
  }
  putchar('"');
}

static void address(int first, int family, const void *bytes, unsigned scope) {
  char shown[64];
  inet_ntop(family, bytes, shown, sizeof shown);
  printf(first ? "\"" : ",\"");
  if (scope) printf("%s%%%u\"", shown, scope);
  else printf("%s\"", shown);
}

static void by_addrinfo(const char *name, int family, int flags) {
  struct addrinfo hints = {.ai_family = family, .ai_flags = flags, .ai_socktype = SOCK_STREAM}, *list = 0;
  double start = milliseconds();
  int code = getaddrinfo(name, 0, &hints, &list);
  double took = milliseconds() - start;
  if (code) {
    printf("{\"code\":%d", code);
  } else {
    printf("{\"addrs\":[");
    for (struct addrinfo *a = list; a; a = a->ai_next) {
      struct sockaddr_in6 *six = (void *)a->ai_addr;
      struct sockaddr_in *four = (void *)a->ai_addr;
      if (a->ai_family == AF_INET6) address(a == list, AF_INET6, &six->sin6_addr, six->sin6_scope_id);
      else address(a == list, AF_INET, &four->sin_addr, 0);
    }
    printf("],\"canonname\":");
    text(list->ai_canonname ? list->ai_canonname : "");
  }
  printf(",\"ms\":%.1f}\n", took);
}

static void by_host(const char *name, int family) {
  double start = milliseconds();
  struct hostent *host = gethostbyname2(name, family);
  double took = milliseconds() - start;
  if (!host) {
    printf("{\"h_errno\":%d", h_errno);
  } else {
    printf("{\"addrs\":[");
    for (char **a = host->h_addr_list; *a; a++) address(a == host->h_addr_list, host->h_addrtype, *a, 0);
    printf("],\"canonname\":");
    text(host->h_name);
  }
  printf(",\"ms\":%.1f}\n", took);
}

static void answer(char *line) {
  char *call = strtok(line, "\t"), *family = strtok(0, "\t"), *flags = strtok(0, "\t"), *hex = strtok(0, "\t\n");
  char name[1024];
  size_t n = 0;
  for (; hex && hex[2 * n] && hex[2 * n + 1] && n < sizeof name - 1; n++) {
    char pair[3] = {hex[2 * n], hex[2 * n + 1], 0};
    name[n] = strtol(pair, 0, 16);
  }
  name[n] = 0;
  if (!strcmp(call, "getaddrinfo")) by_addrinfo(name, atoi(family), atoi(flags));
  else by_host(name, atoi(family));
  fflush(stdout);
}

int main(void) {
  char line[4096];
  setvbuf(stdin, 0, _IONBF, 0);
  while (fgets(line, sizeof line, stdin)) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
      answer(line);
      _exit(0);
    }
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) printf("{\"died\":%d}\n", WTERMSIG(status));
    fflush(stdout);
  }
}
