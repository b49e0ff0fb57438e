#pragma once

#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "obs/fail_on_warning.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace vt::net {

/// A server on a loop and a thread of its own, for tests of what blocks until it is answered. Handlers run on that
/// thread. An unexpected warning in the log fails the test.
class ServedTest : public testing::Test {
protected:
    void serve(HttpServer::Handler handler) {
        server_ = std::make_unique<HttpServer>(loop_, HttpServerParams{}, std::move(handler));
        const auto opened = server_->listen();
        ASSERT_TRUE(opened) << opened.error().what;
        base_url = "http://127.0.0.1:" + std::to_string(server_->port());
        thread_ = std::thread([this] { loop_.run(); });
    }
    void TearDown() override {
        if (!thread_.joinable()) return;
        loop_.post([this] {
            server_.reset();
            loop_.stop();
        });
        thread_.join();
    }
    static PreparedResponsePtr text(int status, std::string body, std::vector<HttpHeader> headers = {}) {
        return prepare(
            {.status = status, .content_type = "text/plain", .body = std::move(body), .headers = std::move(headers)});
    }

    std::string base_url;

private:
    obs::FailOnWarning log_;
    Loop loop_;
    std::unique_ptr<HttpServer> server_;
    std::thread thread_;
};

}  // namespace vt::net
