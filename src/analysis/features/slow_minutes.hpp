#pragma once

// For tests only: the feature row once more, from all records at once, with plain loops, sorted maps and no
// streaming.

#include "analysis/features/minute_features.hpp"
#include "analysis/test_stream.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

namespace vt::analysis::test {

class SlowMinutes {
public:
    using Side = std::map<std::int64_t, double>;  // ticks -> base size
    struct Trade {
        std::int64_t ns;
        double price, quantity, sign;
    };
    struct Quote {
        std::int64_t ns;
        double bid, ask, bid_size, ask_size;
        std::int64_t bid_ticks, ask_ticks;
        int generation;
        [[nodiscard]] double mid() const { return (bid + ask) / 2; }
    };
    struct Book {
        std::int64_t ns;
        Side bids, asks;
        int generation;  // 0: invalid
        std::int64_t snapshot_ns;
        std::int64_t edge_bid, edge_ask;
        std::size_t depth;
        bool is_frame;
    };

    SlowMinutes(const std::vector<Record>& records, const market::Instrument& instrument, QuoteSource source)
        : tick_(instrument.tick()), lot_(instrument.lot()) {
        for (const Record& record : records) add(record, source);
    }

    [[nodiscard]] std::vector<MinuteFeatures> rows(Timestamp until) const {
        std::vector<MinuteFeatures> result;
        const std::int64_t first = first_ns_ / kMin * kMin;
        for (std::int64_t t = first; t + kMin <= to_ns(until); t += kMin) result.push_back(row(t));
        for (std::size_t i = 0; i < result.size(); ++i) {
            std::vector<double> moves;
            for (std::size_t j = 0; j <= i; ++j) {
                if (result[j].ret_mid_bps_1m) moves.push_back(std::abs(*result[j].ret_mid_bps_1m));
            }
            if (moves.size() > 1440) moves.erase(moves.begin(), moves.end() - 1440);
            if (moves.size() < 60) continue;
            std::sort(moves.begin(), moves.end());
            const std::size_t n = moves.size();
            result[i].sigma_1m_bps = 1.4826 * (n % 2 == 1 ? moves[n / 2] : (moves[n / 2 - 1] + moves[n / 2]) / 2);
        }
        return result;
    }

    [[nodiscard]] const std::vector<Trade>& trades() const { return trades_; }
    [[nodiscard]] const std::vector<Quote>& quotes() const { return quotes_; }
    [[nodiscard]] const std::vector<Book>& books() const { return books_; }

    /// e summed over pairs whose later record lies in [from, until).
    [[nodiscard]] double ofi(std::int64_t from, std::int64_t until) const {
        double sum = 0;
        for (std::size_t i = 1; i < quotes_.size(); ++i) {
            const Quote& a = quotes_[i - 1];
            const Quote& b = quotes_[i];
            if (b.ns < from || b.ns >= until || a.generation != b.generation) continue;
            sum +=
                e(a.bid_ticks, a.bid_size, a.ask_ticks, a.ask_size, b.bid_ticks, b.bid_size, b.ask_ticks, b.ask_size);
        }
        return sum;
    }
    [[nodiscard]] std::optional<double> mean_l1_size(std::int64_t from, std::int64_t until) const {
        return time_mean(from, until, [](const Quote& q) { return (q.bid_size + q.ask_size) / 2; });
    }
    /// (number, buyers) of parents that begin in [from, until).
    struct Parent {
        std::int64_t ns;
        double notional, sign;
    };
    [[nodiscard]] std::vector<Parent> parents() const {
        std::vector<Parent> result;
        for (std::size_t i = 0; i < trades_.size(); ++i) {
            const Trade& now = trades_[i];
            bool joins = false;
            if (i > 0) {
                const Trade& before = trades_[i - 1];
                joins = before.sign == now.sign && now.ns - before.ns <= 50'000'000 &&
                        before.ns / kMin == now.ns / kMin &&
                        (now.sign > 0 ? now.price >= before.price : now.price <= before.price);
            }
            if (joins) {
                result.back().notional += now.price * now.quantity;
            } else {
                result.push_back({now.ns, now.price * now.quantity, now.sign});
            }
        }
        return result;
    }
    /// Sum over ranks of e divided by 10, and the mean rank size, over frames in [from, until).
    [[nodiscard]] std::pair<std::vector<double>, double> rank_ofi(std::int64_t from, std::int64_t until) const {
        std::vector<double> sums(10);
        double sizes = 0;
        double frames = 0;
        for (std::size_t i = 0; i < books_.size(); ++i) {
            const Book& b = books_[i];
            if (!b.is_frame || b.ns < from || b.ns >= until) continue;
            ++frames;
            const auto now = ranks(b);
            double size = 0;
            for (const auto& r : now) size += (r[1] + r[3]) / 2;
            sizes += size / static_cast<double>(now.size());
            if (i == 0 || books_[i - 1].generation != b.generation) continue;
            const auto then = ranks(books_[i - 1]);
            for (std::size_t k = 0; k < std::min(now.size(), then.size()); ++k) {
                sums[k] += e(static_cast<std::int64_t>(then[k][0]), then[k][1], static_cast<std::int64_t>(then[k][2]),
                             then[k][3], static_cast<std::int64_t>(now[k][0]), now[k][1],
                             static_cast<std::int64_t>(now[k][2]), now[k][3]);
            }
        }
        return {sums, frames > 0 ? sizes / frames : 0};
    }

private:
    static constexpr std::int64_t kSec = 1'000'000'000;
    static constexpr std::int64_t kMin = 60 * kSec;

    static double e(std::int64_t pb0, double qb0, std::int64_t pa0, double qa0, std::int64_t pb1, double qb1,
                    std::int64_t pa1, double qa1) {
        return (pb1 >= pb0 ? qb1 : 0) - (pb1 <= pb0 ? qb0 : 0) - (pa1 <= pa0 ? qa1 : 0) + (pa1 >= pa0 ? qa0 : 0);
    }
    static std::vector<std::array<double, 4>> ranks(const Book& book) {
        std::vector<std::array<double, 4>> result;
        auto bid = book.bids.rbegin();
        auto ask = book.asks.begin();
        while (bid != book.bids.rend() && ask != book.asks.end() && result.size() < 10) {
            result.push_back(
                {static_cast<double>(bid->first), bid->second, static_cast<double>(ask->first), ask->second});
            ++bid;
            ++ask;
        }
        return result;
    }

    void add(const Record& record, QuoteSource source) {
        const std::int64_t ns = to_ns(record.time);
        if (first_ns_ == 0) first_ns_ = ns;
        if (const auto* trade = std::get_if<market::Trade>(&record.body)) {
            trades_.push_back({ns, static_cast<double>(trade->price.value()) * tick_,
                               static_cast<double>(trade->quantity.value()) * lot_,
                               trade->aggressor == market::Side::buy ? 1.0 : -1.0});
        }
        if (const auto* best = std::get_if<market::BestQuote>(&record.body); best && source == QuoteSource::quotes) {
            quote(ns, best->bid.price.value(), best->ask.price.value(),
                  static_cast<double>(best->bid.quantity.value()) * lot_,
                  static_cast<double>(best->ask.quantity.value()) * lot_, 1);
        }
        if (const auto* update = std::get_if<OwnedUpdate>(&record.body)) {
            Book next = books_.empty() ? Book{} : books_.back();
            next.ns = ns;
            next.is_frame = true;
            if (update->is_snapshot) {
                const bool was_valid = next.generation > 0;
                next.bids.clear();
                next.asks.clear();
                if (!was_valid) next.generation = ++generations_;
                next.snapshot_ns = ns;
                next.depth = update->depth;
            }
            for (const auto& level : update->bids) set(next.bids, level);
            for (const auto& level : update->asks) set(next.asks, level);
            if (update->is_snapshot) {
                next.edge_bid = next.bids.begin()->first;
                next.edge_ask = next.asks.rbegin()->first;
            }
            books_.push_back(next);
            if (source == QuoteSource::book) {
                quote(ns, next.bids.rbegin()->first, next.asks.begin()->first, next.bids.rbegin()->second,
                      next.asks.begin()->second, next.generation);
            }
        }
        if (std::holds_alternative<BookLost>(record.body)) {
            books_.push_back({.ns = ns, .generation = 0, .is_frame = false});
            if (source == QuoteSource::book) lost_.push_back(ns);
        }
    }
    void set(Side& side, const market::Level& level) const {
        if (level.quantity.value() == 0) {
            side.erase(level.price.value());
        } else {
            side[level.price.value()] = static_cast<double>(level.quantity.value()) * lot_;
        }
    }
    void quote(std::int64_t ns, std::int64_t bid, std::int64_t ask, double bid_size, double ask_size,
               int generation) {
        quotes_.push_back({ns, static_cast<double>(bid) * tick_, static_cast<double>(ask) * tick_, bid_size, ask_size,
                           bid, ask, generation});
    }

    /// The end of what quote i is true for: the next quote or the loss of the book.
    [[nodiscard]] std::int64_t end_of(std::size_t i) const {
        std::int64_t end = i + 1 < quotes_.size() ? quotes_[i + 1].ns : std::numeric_limits<std::int64_t>::max();
        for (const std::int64_t at : lost_) {
            if (at >= quotes_[i].ns) end = std::min(end, at);
        }
        return end;
    }
    template <class Value>
    [[nodiscard]] std::optional<double> time_mean(std::int64_t from, std::int64_t until, Value&& value) const {
        double sum = 0;
        double time = 0;
        for (std::size_t i = 0; i < quotes_.size(); ++i) {
            const std::int64_t begin = std::max(from, quotes_[i].ns);
            const std::int64_t end = std::min(until, end_of(i));
            if (end <= begin) continue;
            sum += static_cast<double>(end - begin) * value(quotes_[i]);
            time += static_cast<double>(end - begin);
        }
        if (time == 0) return std::nullopt;
        return sum / time;
    }
    [[nodiscard]] std::optional<Quote> quote_before(std::int64_t u) const {
        for (std::size_t i = quotes_.size(); i-- > 0;) {
            if (quotes_[i].ns >= u) continue;
            for (const std::int64_t at : lost_) {
                if (at >= quotes_[i].ns && at < u) return std::nullopt;
            }
            return quotes_[i];
        }
        return std::nullopt;
    }

    [[nodiscard]] MinuteFeatures row(std::int64_t t) const;
    void row_trades(MinuteFeatures& m, std::int64_t t) const;
    void row_quotes(MinuteFeatures& m, std::int64_t t) const;
    void row_book(MinuteFeatures& m, std::int64_t t) const;

    double tick_, lot_;
    std::int64_t first_ns_ = 0;
    int generations_ = 0;
    std::vector<Trade> trades_;
    std::vector<Quote> quotes_;
    std::vector<Book> books_;
    std::vector<std::int64_t> lost_;
};

inline MinuteFeatures SlowMinutes::row(std::int64_t t) const {
    MinuteFeatures m{.start = from_ns(t)};
    m.is_complete = t > first_ns_;
    row_trades(m, t);
    row_quotes(m, t);
    row_book(m, t);
    return m;
}

inline void SlowMinutes::row_trades(MinuteFeatures& m, std::int64_t t) const {
    double buy_base = 0;
    double sell_base = 0;
    double buys = 0;
    double sells = 0;
    for (const Trade& trade : trades_) {
        if (trade.ns < t || trade.ns >= t + kMin) continue;
        ++m.n_trades;
        (trade.sign > 0 ? m.buy_notional_1m : m.sell_notional_1m) += trade.price * trade.quantity;
        (trade.sign > 0 ? buy_base : sell_base) += trade.quantity;
        ++(trade.sign > 0 ? buys : sells);
        if (!m.open_1m) m.open_1m = trade.price;
        m.high_1m = std::max(m.high_1m.value_or(trade.price), trade.price);
        m.low_1m = std::min(m.low_1m.value_or(trade.price), trade.price);
        m.close_1m = trade.price;
    }
    m.volume_1m = buy_base + sell_base;
    m.notional_1m = m.buy_notional_1m + m.sell_notional_1m;
    m.cvd_1m = buy_base - sell_base;
    m.cvd_notional_1m = m.buy_notional_1m - m.sell_notional_1m;
    const std::int64_t hour = 3600 * kSec;
    std::vector<int> bins;
    double large_buy = 0;
    double large_sell = 0;
    const auto all = parents();
    for (const Parent& parent : all) {
        // The hour that counts is that of the parent's minute; minutes before t only.
        if (parent.ns / kMin * kMin < t && parent.ns / hour > t / hour - 24) {
            bins.push_back(
                parent.notional < 1
                    ? -1
                    : static_cast<int>(std::floor(32 * std::log2(parent.notional))));  // layer-ok: a test's reference
        }
        if (parent.ns < t || parent.ns >= t + kMin) continue;
        ++m.n_parents;
        m.parent_notional_max = std::max(m.parent_notional_max.value_or(0), parent.notional);
    }
    std::sort(bins.begin(), bins.end());
    const auto edge = [&](double share) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(bins.size())));
        return std::exp2((bins[rank - 1] + 1) / 32.0);  // layer-ok: a test's reference
    };
    if (bins.size() >= 500) m.large_threshold = std::max(edge(0.99), 20 * edge(0.5));
    if (m.n_trades == 0) return;
    m.vwap_1m = m.notional_1m / m.volume_1m;
    m.tfi_1m = m.cvd_notional_1m / m.notional_1m;
    m.tfi_count_1m = (buys - sells) / (buys + sells);
    if (!m.large_threshold) return;
    for (const Parent& parent : all) {
        if (parent.ns < t || parent.ns >= t + kMin || parent.notional < *m.large_threshold) continue;
        (parent.sign > 0 ? large_buy : large_sell) += parent.notional;
    }
    m.large_share_1m = (large_buy + large_sell) / m.notional_1m;
    if (large_buy + large_sell > 0) m.large_imbalance_1m = (large_buy - large_sell) / (large_buy + large_sell);
}

inline void SlowMinutes::row_quotes(MinuteFeatures& m, std::int64_t t) const {
    const auto open = quote_before(t);
    const auto close = quote_before(t + kMin);
    if (m.is_complete && open) m.mid_open = open->mid();
    m.mid_high = m.mid_low = m.mid_open;
    std::int64_t valid = 0;
    for (std::size_t i = 0; i < quotes_.size(); ++i) {
        valid += std::max<std::int64_t>(0, std::min(t + kMin, end_of(i)) - std::max(t, quotes_[i].ns));
        if (quotes_[i].ns < t || quotes_[i].ns >= t + kMin) continue;
        ++m.n_l1;
        m.mid_high = std::max(m.mid_high.value_or(quotes_[i].mid()), quotes_[i].mid());
        m.mid_low = std::min(m.mid_low.value_or(quotes_[i].mid()), quotes_[i].mid());
    }
    if (close) {
        m.mid_close = close->mid();
        m.spread_bps_close = 1e4 * (close->ask - close->bid) / close->mid();
    }
    if (m.mid_open && m.mid_close) {
        m.ret_mid_bps_1m = 1e4 * std::log(*m.mid_close / *m.mid_open);  // layer-ok: a test's reference
        if (m.notional_1m > 0) m.amihud_bps_per_musd = std::abs(*m.ret_mid_bps_1m) / (m.notional_1m / 1e6);
    }
    std::vector<double> returns;
    std::vector<double> flow;
    for (int i = 0; i < 60 && m.mid_open; ++i) {
        const auto a = quote_before(t + i * kSec);
        const auto b = quote_before(t + (i + 1) * kSec);
        if (!a || !b) break;
        returns.push_back(1e4 * std::log(b->mid() / a->mid()));  // layer-ok: a test's reference
        double net = 0;
        for (const Trade& trade : trades_) {
            if (trade.ns >= t + i * kSec && trade.ns < t + (i + 1) * kSec)
                net += trade.sign * trade.price * trade.quantity;
        }
        flow.push_back(net / 1e6);
    }
    if (returns.size() == 60) {
        double squares = 0;
        double mean_x = 0;
        double mean_y = 0;
        for (int i = 0; i < 60; ++i) {
            squares += returns[static_cast<std::size_t>(i)] * returns[static_cast<std::size_t>(i)];
            mean_x += flow[static_cast<std::size_t>(i)] / 60;
            mean_y += returns[static_cast<std::size_t>(i)] / 60;
        }
        m.rv_1s_bps_1m = std::sqrt(squares);
        double xy = 0;
        double xx = 0;
        for (std::size_t i = 0; i < 60; ++i) {
            xy += (flow[i] - mean_x) * (returns[i] - mean_y);
            xx += (flow[i] - mean_x) * (flow[i] - mean_x);
        }
        if (xx > 0) m.kyle_1s_bps_per_musd = xy / xx;
    }
    if (valid == 0 || (m.is_complete && valid < 30 * kSec)) return;
    m.spread_bps_mean = time_mean(t, t + kMin, [](const Quote& q) { return 1e4 * (q.ask - q.bid) / q.mid(); });
    m.l1_size_mean = mean_l1_size(t, t + kMin);
    m.imbalance_l1_mean =
        time_mean(t, t + kMin, [](const Quote& q) { return (q.bid_size - q.ask_size) / (q.bid_size + q.ask_size); });
    m.ofi_1m = ofi(t, t + kMin);
    m.ofi_norm_1m = *m.ofi_1m / *m.l1_size_mean;
}

inline void SlowMinutes::row_book(MinuteFeatures& m, std::int64_t t) const {
    struct Mean {
        double sum = 0;
        int n = 0;
        void add(double x) { sum += x, ++n; }
        [[nodiscard]] std::optional<double> value() const { return n < 30 ? std::nullopt : std::optional(sum / n); }
    };
    for (const Book& book : books_) m.n_book += book.is_frame && book.ns >= t && book.ns < t + kMin ? 1U : 0U;
    std::map<int, Mean> bid;
    std::map<int, Mean> ask;
    std::map<int, Mean> balance;
    Mean buy;
    Mean sell;
    for (int i = 1; i <= 60; ++i) {
        const std::int64_t u = t + i * kSec;
        const Book* book = nullptr;
        for (const Book& candidate : books_) {
            if (candidate.ns < u) book = &candidate;
        }
        if (book == nullptr || book->generation == 0) continue;
        ++m.book_samples;
        const double bid0 = static_cast<double>(book->bids.rbegin()->first);
        const double ask0 = static_cast<double>(book->asks.begin()->first);
        const double mid = (bid0 + ask0) / 2;
        std::optional<double> bid_edge = static_cast<double>(book->edge_bid);
        std::optional<double> ask_edge = static_cast<double>(book->edge_ask);
        if (book->depth > 0) {
            bid_edge = ask_edge = std::nullopt;
            if (book->bids.size() >= book->depth) {
                bid_edge =
                    static_cast<double>(std::next(book->bids.rbegin(), static_cast<long>(book->depth) - 1)->first);
            }
            if (book->asks.size() >= book->depth) {
                ask_edge =
                    static_cast<double>(std::next(book->asks.begin(), static_cast<long>(book->depth) - 1)->first);
            }
        }
        const bool settled = book->depth == 0 && u - book->snapshot_ns >= 300 * kSec;
        for (const int bps : {5, 10, 25}) {
            double b = 0;
            double a = 0;
            for (const auto& [p, q] : book->bids) {
                const auto price = static_cast<double>(p);
                b += 20'000 * price >= 2 * mid * (10'000 - bps) ? price * tick_ * q : 0;
            }
            for (const auto& [p, q] : book->asks) {
                const auto price = static_cast<double>(p);
                a += 20'000 * price <= 2 * mid * (10'000 + bps) ? price * tick_ * q : 0;
            }
            const bool b_known = settled || !bid_edge || 20'000 * *bid_edge <= 2 * mid * (10'000 - bps);
            const bool a_known = settled || !ask_edge || 20'000 * *ask_edge >= 2 * mid * (10'000 + bps);
            if (b_known) bid[bps].add(b);
            if (a_known) ask[bps].add(a);
            if (b_known && a_known && a + b > 0) balance[bps].add((b - a) / (b + a));
        }
        if (bid_edge) m.cover_bid_bps = std::min(m.cover_bid_bps.value_or(1e9), 1e4 * (mid - *bid_edge) / mid);
        if (ask_edge) m.cover_ask_bps = std::min(m.cover_ask_bps.value_or(1e9), 1e4 * (*ask_edge - mid) / mid);
        double left = 100'000;
        double got = 0;
        for (const auto& [p, q] : book->asks) {
            const double price = static_cast<double>(p) * tick_;
            if (20'000.0 * static_cast<double>(p) > 2 * mid * 10'025) break;
            got += std::min(left, price * q) / price;
            left -= std::min(left, price * q);
            if (left > 0) continue;
            if (settled || !ask_edge || static_cast<double>(p) <= *ask_edge) {
                buy.add(1e4 * (100'000 / got / (mid * tick_) - 1));
            }
            break;
        }
        left = 100'000;
        got = 0;
        for (auto at = book->bids.rbegin(); at != book->bids.rend(); ++at) {
            const double price = static_cast<double>(at->first) * tick_;
            if (20'000.0 * static_cast<double>(at->first) < 2 * mid * 9'975) break;
            got += std::min(left, price * at->second) / price;
            left -= std::min(left, price * at->second);
            if (left > 0) continue;
            if (settled || !bid_edge || static_cast<double>(at->first) >= *bid_edge) {
                sell.add(1e4 * (1 - 100'000 / got / (mid * tick_)));
            }
            break;
        }
    }
    m.depth_bid_5bps = bid[5].value(), m.depth_ask_5bps = ask[5].value();
    m.depth_bid_10bps = bid[10].value(), m.depth_ask_10bps = ask[10].value();
    m.depth_bid_25bps = bid[25].value(), m.depth_ask_25bps = ask[25].value();
    m.imbalance_5bps = balance[5].value(), m.imbalance_10bps = balance[10].value(),
    m.imbalance_25bps = balance[25].value();
    m.impact_buy_100k_bps = buy.value(), m.impact_sell_100k_bps = sell.value();
    if (m.is_complete ? m.book_samples < 30 : m.n_book == 0) return;
    const auto [sums, size] = rank_ofi(t, t + kMin);
    m.ofi_book_1m = sums[0];
    double total = 0;
    for (const double x : sums) total += x;
    if (size > 0) m.ofi_book10_norm_1m = total / 10 / size;
}

}  // namespace vt::analysis::test
