/* A closed-loop HTTP/1.1 load client: every connection keeps exactly one request in flight.
 *
 *     load [-c] host port connections seconds file
 *
 * The file holds prepared requests, each a 32-bit little-endian length and then the raw bytes. Each is sent once,
 * in order, by whichever connection is free; with -c the file starts over at its end. The run ends after the
 * given seconds or when the requests run out, waits for the answers in flight, and prints one line of JSON.
 * Anything but well-formed answers on connections that stay open ends the run with a message and exit code 1. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, HEAD_LIMIT = 16384, PATIENCE_MS = 10000, STATUSES = 600 };

struct connection {
    int fd;
    bool is_watching_writes;
    const char *unsent;
    size_t unsent_length;
    uint64_t sent_at;
    bool in_body;
    size_t body_left;
    size_t held; /* bytes of an unfinished head, kept in `received` */
    char received[HEAD_LIMIT];
};

static struct {
    const char *start, *next, *end;
    bool cycles, is_exhausted;
} requests;

static struct {
    uint64_t *latencies; /* nanoseconds, one for each answer */
    size_t count, room;
    uint64_t statuses[STATUSES];
    uint64_t bytes;
    uint64_t last_answer_at;
} results;

static int poller;
static size_t in_flight;
static uint64_t deadline;

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void open_requests(const char *path) {
    struct stat status;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &status) < 0) die("%s: %s", path, strerror(errno));
    if (status.st_size == 0) die("%s holds no requests", path);
    /* Populated now, so that no page fault is measured as latency. */
    void *mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (mapped == MAP_FAILED) die("%s: %s", path, strerror(errno));
    close(fd);
    requests.start = requests.next = mapped;
    requests.end = requests.start + status.st_size;
}

static bool take_request(const char **request, size_t *length) {
    if (requests.next == requests.end && requests.cycles) requests.next = requests.start;
    if (requests.next == requests.end) {
        requests.is_exhausted = true;
        return false;
    }
    uint32_t size;
    if (requests.end - requests.next < (ptrdiff_t)sizeof size) die("the file of requests is cut off");
    memcpy(&size, requests.next, sizeof size);
    *length = le32toh(size);
    *request = requests.next + sizeof size;
    if ((size_t)(requests.end - *request) < *length) die("the file of requests is cut off");
    requests.next = *request + *length;
    return true;
}

static void watch(struct connection *connection, int operation, bool with_writes) {
    struct epoll_event event = {.events = EPOLLIN | (with_writes ? EPOLLOUT : 0), .data.ptr = connection};
    if (epoll_ctl(poller, operation, connection->fd, &event) < 0) die("epoll_ctl: %s", strerror(errno));
    connection->is_watching_writes = with_writes;
}

static void send_rest(struct connection *connection) {
    ssize_t sent = send(connection->fd, connection->unsent, connection->unsent_length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) die("send: %s", strerror(errno));
    if (sent > 0) {
        connection->unsent += sent;
        connection->unsent_length -= (size_t)sent;
    }
    bool must_wait = connection->unsent_length > 0;
    if (must_wait != connection->is_watching_writes) watch(connection, EPOLL_CTL_MOD, must_wait);
}

static void send_next(struct connection *connection, uint64_t at) {
    if (at >= deadline || !take_request(&connection->unsent, &connection->unsent_length)) return;
    connection->sent_at = at;
    in_flight++;
    send_rest(connection);
}

static void record_answer(struct connection *connection) {
    uint64_t at = now();
    if (results.count == results.room) {
        results.room = results.room ? results.room * 2 : 1 << 16;
        results.latencies = realloc(results.latencies, results.room * sizeof *results.latencies);
        if (!results.latencies) die("out of memory");
    }
    results.latencies[results.count++] = at - connection->sent_at;
    results.last_answer_at = at;
    in_flight--;
    connection->in_body = false;
    send_next(connection, at);
}

static size_t content_length(const char *head, const char *end) {
    static const char name[] = "\r\ncontent-length:";
    for (const char *line = head; line < end; line++) {
        line = memchr(line, '\r', (size_t)(end - line));
        if (!line) break;
        if (!strncasecmp(line, name, sizeof name - 1)) return strtoul(line + sizeof name - 1, NULL, 10);
    }
    die("an answer without Content-Length:\n%.*s", (int)(end - head), head);
    return 0;
}

/* Reads a complete head at the start of `received`; what follows it is the first part of the body. */
static void read_head(struct connection *connection, const char *end) {
    char *head = connection->received;
    if (strncmp(head, "HTTP/1.1 ", 9)) die("not an HTTP/1.1 answer:\n%.*s", (int)connection->held, head);
    long status = strtol(head + 9, NULL, 10);
    if (status < 200 || status >= STATUSES) die("an unexpected status:\n%.*s", (int)connection->held, head);
    static bool has_shown_failure;
    if (status != 200 && !has_shown_failure) {
        fprintf(stderr, "load: the first answer that is not 200:\n%.*s\n", (int)connection->held, head);
        has_shown_failure = true;
    }
    results.statuses[status]++;
    connection->body_left = content_length(head, end);
    connection->in_body = true;
}

static void take_body(struct connection *connection, size_t arrived) {
    if (arrived > connection->body_left) die("more bytes arrived than Content-Length announced");
    connection->body_left -= arrived;
    connection->held = 0;
    if (connection->body_left == 0) record_answer(connection);
}

static void receive(struct connection *connection) {
    char *free_part = connection->received + connection->held;
    ssize_t arrived = recv(connection->fd, free_part, HEAD_LIMIT - 1 - connection->held, 0);
    if (arrived < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (arrived < 0) die("recv: %s", strerror(errno));
    if (arrived == 0) die("the server closed a connection after %zu answers", results.count);
    results.bytes += (uint64_t)arrived;
    if (connection->in_body) {
        take_body(connection, (size_t)arrived);
        return;
    }
    connection->held += (size_t)arrived;
    connection->received[connection->held] = 0; /* strtol and strncasecmp stop here at the latest */
    char *end = memmem(connection->received, connection->held, "\r\n\r\n", 4);
    if (end) {
        size_t head_length = (size_t)(end + 4 - connection->received);
        read_head(connection, end);
        take_body(connection, connection->held - head_length);
    } else if (connection->held == HEAD_LIMIT - 1) {
        die("the head of an answer is longer than %d bytes", HEAD_LIMIT);
    }
}

static struct connection *connect_to(const struct sockaddr_in *address) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) die("out of memory");
    int on = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->fd < 0) die("socket: %s", strerror(errno));
    if (connect(connection->fd, (const struct sockaddr *)address, sizeof *address) < 0)
        die("connect: %s", strerror(errno));
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(connection->fd, F_SETFL, fcntl(connection->fd, F_GETFL) | O_NONBLOCK);
    watch(connection, EPOLL_CTL_ADD, false);
    return connection;
}

static void run(struct connection **connections, size_t count) {
    struct epoll_event events[EVENTS];
    uint64_t at = now();
    for (size_t i = 0; i < count; i++) send_next(connections[i], at);
    while (in_flight > 0) {
        int ready = epoll_wait(poller, events, EVENTS, PATIENCE_MS);
        if (ready < 0 && errno != EINTR) die("epoll_wait: %s", strerror(errno));
        if (ready == 0) die("no answer within %d ms, %zu in flight", PATIENCE_MS, in_flight);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) send_rest(connection);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(connection);
        }
    }
}

static int by_size(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The latency that the given share of the answers did not exceed (nearest rank). */
static double percentile_ms(double share) {
    size_t rank = (size_t)(share * (double)results.count);
    if (rank >= results.count) rank = results.count - 1;
    return (double)results.latencies[rank] / 1e6;
}

static void report(uint64_t started_at) {
    double seconds = (double)(results.last_answer_at - started_at) / 1e9;
    qsort(results.latencies, results.count, sizeof *results.latencies, by_size);
    printf("{\"requests\": %zu, \"seconds\": %.6f, \"requests_per_second\": %.1f, ", results.count, seconds,
           (double)results.count / seconds);
    printf("\"p50_ms\": %.4f, \"p99_ms\": %.4f, \"max_ms\": %.4f, ", percentile_ms(0.50), percentile_ms(0.99),
           percentile_ms(1.0));
    const char *separator = "";
    printf("\"statuses\": {");
    for (int status = 0; status < STATUSES; status++) {
        if (results.statuses[status] == 0) continue;
        printf("%s\"%d\": %lu", separator, status, (unsigned long)results.statuses[status]);
        separator = ", ";
    }
    printf("}, \"bytes\": %lu, \"exhausted\": %s}\n", (unsigned long)results.bytes,
           requests.is_exhausted ? "true" : "false");
}

int main(int argc, char **argv) {
    if (argc > 1 && !strcmp(argv[1], "-c")) {
        requests.cycles = true;
        argv++;
        argc--;
    }
    if (argc != 6) die("usage: load [-c] host port connections seconds file");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    if (inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) die("%s is not an IPv4 address", argv[1]);
    size_t count = (size_t)atoi(argv[3]);
    double seconds = atof(argv[4]);
    if (count == 0 || seconds <= 0) die("connections and seconds must be more than 0");
    open_requests(argv[5]);
    poller = epoll_create1(0);
    struct connection **connections = calloc(count, sizeof *connections);
    if (poller < 0 || !connections) die("cannot start: %s", strerror(errno));
    for (size_t i = 0; i < count; i++) connections[i] = connect_to(&address);
    uint64_t started_at = now();
    deadline = started_at + (uint64_t)(seconds * 1e9);
    run(connections, count);
    report(started_at);
    return 0;
}
