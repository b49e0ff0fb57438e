#include "net/detail/request_reader.hpp"
#include "net/http_server.hpp"

#include <benchmark/benchmark.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace vt::net {
namespace {

constexpr std::string_view kRequest =
    "GET /api/dashboard/data HTTP/1.1\r\nHost: localhost:8003\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    "Accept: application/json\r\nAccept-Language: en\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: "
    "keep-alive\r\n\r\n";

/// One typical request through scanning, Beast's header parser and our checks.
void read_request(benchmark::State& state) {
    detail::RequestReader reader({});
    for (auto _ : state) {
        const auto space = reader.space();
        std::memcpy(space.data(), kRequest.data(), kRequest.size());
        reader.commit(kRequest.size());
        benchmark::DoNotOptimize(reader.advance());
        reader.next();
    }
}
BENCHMARK(read_request);

/// JSON-like bytes in the number asked for.
std::string body_of(std::size_t size) {
    std::string body = "{\"symbols\":[";
    while (body.size() + 64 < size) body += R"({"id":"bybit-linear-BTCUSDT","score":61.25,"coverage":0.98},)";
    body += "0]}";
    body.resize(std::max(body.size(), size), ' ');
    return body;
}

/// Serves one prepared response until it is killed: what bench/http_against_nginx.py measures.
int serve(std::size_t body_bytes) {
    Loop loop;
    const PreparedResponsePtr response = prepare({.content_type = "application/json",
                                                  .body = body_of(body_bytes),
                                                  .headers = {{"Cache-Control", "no-cache"}},
                                                  .has_etag = true});
    HttpServer server(loop, {.limits = {.max_connections_per_address = 1000}},
                      [&](const HttpRequest& request) -> HttpReply {
                          if (request.path == "/data") return response;
                          return problem_response(404, "only /data");
                      });
    if (const auto opened = server.listen(); !opened) {
        std::fprintf(stderr, "%s\n", opened.error().what.c_str());
        return 1;
    }
    std::printf("%u\n", static_cast<unsigned>(server.port()));
    std::fflush(stdout);
    loop.run();
    return 0;
}

}  // namespace
}  // namespace vt::net

int main(int argc, char** argv) {
    if (argc == 3 && std::strcmp(argv[1], "serve") == 0) {
        return vt::net::serve(static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10)));
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
