#pragma once

#include "demo/exchange.hpp"
#include "demo/roster.hpp"
#include "runtime/doctor.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

// For tests: a demo exchange of a few symbols on a thread of its own, and its sites as the doctor is given them.

namespace vt::runtime {

class DemoSites {
public:
    DemoSites() {
        demo::ExchangeParams params;
        params.stream.seed = 5;
        params.stream.generated = demo::generated_symbols(1);
        params.stream.others = {demo::Segment::binance_futures, demo::Segment::binance_spot};
        exchange_ = std::make_unique<demo::Exchange>(loop_, std::move(params));
        const auto opened = exchange_->listen();
        EXPECT_TRUE(opened) << opened.error().what;
        url_ = exchange_->rest_url();
        stream_url_ = exchange_->websocket_url();
        authority_ = exchange_->authority_pem();
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~DemoSites() {
        loop_.stop();
        thread_.join();
        exchange_.reset();
    }
    DemoSites(const DemoSites&) = delete;
    DemoSites& operator=(const DemoSites&) = delete;

    [[nodiscard]] SiteToCheck site(exchange::Site which) const {
        const std::string path = which == exchange::Site::bybit             ? "/v5/public/linear"
                                 : which == exchange::Site::binance_futures ? "/public/ws"
                                                                            : "/ws";
        return {.site = which,
                .hosts = {.rest_url = url_,
                          .stream_url = stream_url_,
                          .tls = *net::TlsContext::client({.authorities_pem = authority_})},
                .stream_path = path};
    }
    /// The fault has begun when this returns: a question behind it meets it.
    void inject(const demo::Fault& fault) {
        std::promise<void> done;
        loop_.post([&] {
            exchange_->inject(fault);
            done.set_value();
        });
        done.get_future().wait();
    }

private:
    net::Loop loop_;
    std::unique_ptr<demo::Exchange> exchange_;
    std::string url_, stream_url_, authority_;
    std::thread thread_;
};

inline constexpr exchange::Site kDemoSites[] = {exchange::Site::bybit, exchange::Site::binance_futures,
                                                exchange::Site::binance_spot};

/// A key of demo::demo_keys() by its name.
inline exchange::Credentials demo_credentials(const std::string& name) { return {name, Secret(name + "Secret")}; }

}  // namespace vt::runtime
