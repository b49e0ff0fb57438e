#pragma once

#include "net/certificate.hpp"
#include "net/http_server.hpp"
#include "runtime/doctor.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

// For tests: a Bybit of a few answers that a test chooses.

namespace vt::runtime {

/// A venue of a few answers, on a thread of its own.
class FakeVenue {
public:
    explicit FakeVenue(std::function<net::HttpReply(const net::HttpRequest&)> handler)
        : authority_(*net::make_test_authority("test authority")) {
        const auto leaf = authority_.issue();
        server_ = std::make_unique<net::HttpServer>(
            loop_, net::HttpServerParams{.tls = *net::TlsContext::server({leaf->certificate_pem, leaf->key_pem})},
            std::move(handler));
        EXPECT_TRUE(server_->listen());
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~FakeVenue() {
        loop_.stop();
        thread_.join();
        server_.reset();
    }
    FakeVenue(const FakeVenue&) = delete;
    FakeVenue& operator=(const FakeVenue&) = delete;

    [[nodiscard]] SiteToCheck site() const {
        const std::string at = "localhost:" + std::to_string(server_->port());
        return {.site = exchange::Site::bybit,
                .hosts = {.rest_url = "https://" + at,
                          .stream_url = "wss://" + at,
                          .tls = *net::TlsContext::client({.authorities_pem = authority_.certificate_pem()})},
                .stream_path = "/v5/public/linear"};
    }

private:
    net::TestAuthority authority_;
    net::Loop loop_;
    std::unique_ptr<net::HttpServer> server_;
    std::thread thread_;
};

inline net::HttpReply json(std::string body, int status = 200) {
    return net::prepare({.status = status, .content_type = "application/json", .body = std::move(body)});
}

inline std::string time_body(Nanos ahead = {}) {
    const std::int64_t ns = to_ns(net::wall_now() + ahead);
    return R"({"retCode":0,"retMsg":"OK","result":{"timeSecond":")" + std::to_string(ns / 1'000'000'000) +
           R"(","timeNano":")" + std::to_string(ns) + R"("},"retExtInfo":{},"time":)" +
           std::to_string(ns / 1'000'000) + "}";
}

/// Key information as Bybit documents it, with these rights of the wallet.
inline std::string key_body(const std::string& wallet, const std::string& ips) {
    return R"({"retCode":0,"retMsg":"","result":{"id":"1","note":"n","apiKey":"k","readOnly":0,"secret":"",)"
           R"("permissions":{"ContractTrade":["Order","Position"],"Spot":["SpotTrade"],"Wallet":[)" +
           wallet +
           R"(],"Options":[],"Derivatives":[],"CopyTrading":[],"BlockTrade":[],"Exchange":[],"NFT":[]},)"
           R"("ips":[)" +
           ips +
           R"(],"type":1,"deadlineDay":83,"expiredAt":"2099-05-15T03:21:05Z","createdAt":"2026-10-16T00:00:00Z",)"
           R"("unified":0,"uta":1,"userID":1,"inviterID":0,"vipLevel":"No VIP","mktMakerLevel":"0"},)"
           R"("retExtInfo":{},"time":1700000000000})";
}

inline net::HttpReply healthy(const net::HttpRequest& request, const std::string& key) {
    if (request.wants_websocket)
        return net::WebSocketAccept{[](const net::WebSocketSessionPtr&) { return net::WebSocketSessionCallbacks{}; }};
    if (request.path == "/v5/market/time") return json(time_body());
    if (request.path == "/v5/user/query-api") return json(key);
    return net::problem_response(404, "not here");
}

}  // namespace vt::runtime
