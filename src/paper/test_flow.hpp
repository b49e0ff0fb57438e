#pragma once

#include "base/prng.hpp"
#include "paper/test_market.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace vt::paper {

/// A random life of an account in two markets: books, prints, marks that jump, settlements, orders of every kind
/// and leverages.
class TestFlow {
public:
    /// in: params: see plain_params(); the flow itself is drawn from `seed`
    TestFlow(Params params, std::uint64_t seed)
        : market(std::move(params), instruments()),
          prng_(seed, "paper.flow"),
          leverage_draws_(seed, "paper.flow.leverage") {}

    /// The next 40 ms. Reports are left to the caller.
    void step() {
        ms_ += 40;
        const auto which = static_cast<std::uint32_t>(prng_.below(2));
        move(which);
        switch (prng_.below(4)) {
            case 0: show_book(which); break;
            case 1: market.print(ms_, side(), centre_[which] + offset(4), draw(3'000)); break;
            case 2: tick(which); break;
            case 3:
                show_book(which);
                order(which);
                break;
        }
    }
    /// Nothing more is asked for; what is under way arrives.
    void settle() { market.venue.advance(now() + std::chrono::minutes{1}); }
    [[nodiscard]] Timestamp now() const { return test_time(ms_); }
    [[nodiscard]] std::int64_t ms() const { return ms_; }
    /// Every order that was sent, by its number.
    [[nodiscard]] const std::vector<trading::OrderRequest>& sent() const { return sent_; }

    TestMarket market;

private:
    static std::vector<market::Instrument> instruments() {
        auto second = trading::test_perpetual(1, "ETH");
        second.tick_size = {1, 2};
        second.lot_size = {1, 2};
        second.contract_size = {1, 1};
        second.limits = {};
        second.limits.leverage_max = Decimal{50, 0};
        return {trading::test_perpetual(), second};
    }
    std::int64_t draw(std::uint64_t most) { return static_cast<std::int64_t>(1 + prng_.below(most)); }
    std::int64_t offset(std::int64_t most) { return draw(static_cast<std::uint64_t>(2 * most + 1)) - most - 1; }
    market::Side side() { return prng_.below(2) == 0 ? market::Side::buy : market::Side::sell; }

    void move(std::uint32_t which) {
        const bool jumps = prng_.below(400) == 0;
        centre_[which] = std::clamp<std::int64_t>(centre_[which] + offset(jumps ? 400 : 3), 4'000, 40'000);
    }
    void show_book(std::uint32_t which) {
        std::vector<market::Level> bids;
        std::vector<market::Level> asks;
        for (std::int64_t i = 1; i <= 5; ++i) {
            bids.push_back({Ticks{centre_[which] - i}, Lots{draw(4'000)}});
            asks.push_back({Ticks{centre_[which] + i}, Lots{draw(4'000)}});
        }
        market.happen(ms_, market::BookUpdate{.is_snapshot = true, .bids = bids, .asks = asks}, which);
    }
    void tick(std::uint32_t which) {
        const double tick_size = which == 0 ? .1 : .01;
        const double mark = (static_cast<double>(centre_[which]) + prng_.uniform()) * tick_size;
        constexpr std::int64_t kInterval = 20'000;
        market.happen(ms_,
                      market::Ticker{.last_price = static_cast<double>(centre_[which]) * tick_size,
                                     .mark_price = mark,
                                     .funding_rate = (prng_.uniform() - .5) * 1e-3,
                                     .next_funding_at = test_time((ms_ / kInterval + 1) * kInterval)},
                      which);
    }
    void order(std::uint32_t which) {
        if (leverage_draws_.below(20) == 0)
            market.set_leverage(ms_, static_cast<std::uint32_t>(1 + leverage_draws_.below(60)), which);
        if (!sent_.empty() && prng_.below(5) == 0) return change();
        auto request = test_order(sent_.size() + 1, side(), draw(6'000));
        request.instrument = market::InstrumentId{which};
        const auto kind = prng_.below(6);
        if (kind < 3) {
            request.kind = trading::OrderKind::limit;
            request.price = Ticks{centre_[which] + offset(6)};
            request.time_in_force = static_cast<trading::TimeInForce>(prng_.below(4));
        } else if (kind == 3) {
            request.kind = trading::OrderKind::stop_market;
            request.trigger = Ticks{centre_[which] + (request.side == market::Side::buy ? draw(20) : -draw(20))};
            request.trigger_by = static_cast<trading::TriggerBy>(prng_.below(2));
        }
        request.is_reduce_only = prng_.below(3) == 0;
        sent_.push_back(request);
        market.venue.submit(trading::Place{request}, now());
    }
    void change() {
        auto request = sent_[sent_.size() - std::min<std::size_t>(sent_.size(), 1 + prng_.below(20))];
        if (prng_.below(2) == 0) {
            market.venue.submit(trading::Cancel{request.id, request.instrument}, now());
            return;
        }
        request.quantity = Lots{draw(6'000)};
        if (request.price) *request.price += Ticks{offset(2)};
        market.venue.submit(trading::Amend{request, ++revision_}, now());
    }

    Prng prng_;
    Prng leverage_draws_;
    std::int64_t ms_ = 0;
    std::array<std::int64_t, 2> centre_{10'000, 20'000};
    std::vector<trading::OrderRequest> sent_;
    std::uint32_t revision_ = 0;
};

}  // namespace vt::paper
