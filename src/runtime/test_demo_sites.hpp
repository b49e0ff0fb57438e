#pragma once

#include "config/config.hpp"
#include "demo/exchange.hpp"
#include "demo/roster.hpp"
#include "runtime/doctor.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

// For tests: a demo exchange on a thread of its own, its sites as the doctor is given them, and the configuration of
// a user who follows them.

namespace vt::runtime {

class DemoSites {
public:
    /// The smallest exchange that has every site.
    [[nodiscard]] static demo::ExchangeParams small_exchange() {
        demo::ExchangeParams params;
        params.stream.seed = 5;
        params.stream.generated = demo::generated_symbols(1);
        params.stream.others = {demo::Segment::binance_futures, demo::Segment::binance_spot};
        return params;
    }
    explicit DemoSites(demo::ExchangeParams params = small_exchange()) {
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
    /// What a user writes who follows every site; `authority_file` is written.
    [[nodiscard]] config::Config configuration(const std::string& authority_file) const {
        std::ofstream(authority_file, std::ios::binary) << authority_;
        config::Config config;
        config.server.port = config.server.monitoring_port = 0;
        config.bybit.rest_url = url_;
        config.bybit.stream_url = stream_url_;
        config.bybit.ca_file = config.binance.ca_file = authority_file;
        config.binance.markets = {"futures", "spot"};
        config.binance.futures_rest_url = config.binance.spot_rest_url = url_;
        config.binance.futures_stream_url = config.binance.spot_stream_url = stream_url_;
        return config;
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
