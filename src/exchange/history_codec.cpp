// Replies to history pages of both venues, in exact decimals.

#include "exchange/history_page.hpp"
#include "exchange/json_walk.hpp"

#include <algorithm>
#include <array>

namespace vt::exchange {

using json::Fault;
namespace ondemand = json::ondemand;

namespace {

constexpr std::size_t kMaxBodyBytes = std::size_t{8} << 20U;
constexpr std::size_t kMaxColumns = 8;
constexpr std::size_t kTurnover = 5;

/// A row as it is read.
struct Row {
    std::int64_t time_ms = -1;
    std::array<std::optional<Decimal>, kMaxColumns> values{};
};

/// A text or a bare number.
Fault scalar_of(ondemand::value value, std::string_view& out) {
    ondemand::json_type type{};
    if (value.type().get(type)) return {"has a malformed value"};
    if (type == ondemand::json_type::string) return json::text_of(value, out);
    if (type != ondemand::json_type::number) return {"has something else where a number belongs"};
    std::string_view raw = value.raw_json_token();
    while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\n' || raw.back() == '\r' || raw.back() == '\t'))
        raw.remove_suffix(1);
    out = raw;
    return {};
}

Fault decimal_of(ondemand::value value, std::optional<Decimal>& out) {
    std::string_view text;
    if (const Fault fault = scalar_of(value, text)) return fault;
    const Result<Decimal> decimal = parse_decimal(text);
    if (!decimal) return {"has a value that is no number of at most 18 digits"};
    out = *decimal;
    return {};
}

/// Beyond 18 digits it is left out: nothing else depends on it, and a rounded one would not be the venue's.
Fault turnover_of(ondemand::value value, std::optional<Decimal>& out, std::uint32_t& left_out) {
    std::string_view text;
    if (const Fault fault = scalar_of(value, text)) return fault;
    const Result<Decimal> decimal = parse_decimal(text);
    if (!decimal && decimal.error().code != Errc::out_of_range) return {"has a turnover that is no number"};
    if (decimal) out = *decimal;
    if (!decimal) ++left_out;
    return {};
}

Fault time_of(ondemand::value value, std::int64_t& out) {
    Timestamp at;
    if (const Fault fault = json::instant_of(value, at)) return fault;
    out = to_ms(at);
    return {};
}

Fault expect(ondemand::value value, std::string_view wanted, const char* what) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    return text == wanted ? Fault{} : Fault{what};
}

constexpr const char* kOtherSymbol = "speaks of another symbol than asked";
constexpr const char* kOtherCategory = "speaks of another category than asked";

std::size_t columns_of(HistoryKind kind) {
    switch (kind) {
        case HistoryKind::klines: return 8;
        case HistoryKind::mark_klines: return 4;
        case HistoryKind::funding: return 1;
        case HistoryKind::open_interest:
        case HistoryKind::account_ratio:
        case HistoryKind::top_account_ratio:
        case HistoryKind::position_ratio: return 2;
    }
    return 0;
}

std::size_t required_of(HistoryKind kind) {
    if (kind == HistoryKind::klines) return 5;
    return kind == HistoryKind::open_interest ? 1 : columns_of(kind);
}

/// [start, open, high, low, close, volume, turnover] of Bybit (mark candles end with close); of Binance volume,
/// close time, turnover, trades, taker buy volume, ...
Fault bar_of(ondemand::value element, const HistoryPage& page, Row& row, std::uint32_t& left_out) {
    std::size_t place = 0;
    const bool is_mark = page.kind == HistoryKind::mark_klines;
    const Fault fault = json::each_element(element, [&](ondemand::value value) -> Fault {
        const std::size_t at = place++;
        if (at == 0) return time_of(value, row.time_ms);
        if (at <= 4) return decimal_of(value, row.values[at - 1]);
        if (is_mark) return json::pass_over(value);
        if (at == 5) return decimal_of(value, row.values[4]);
        if (page.venue == market::Venue::bybit)
            return at == 6 ? turnover_of(value, row.values[kTurnover], left_out) : json::pass_over(value);
        if (at == 7) return turnover_of(value, row.values[kTurnover], left_out);
        return at == 8 || at == 9 ? decimal_of(value, row.values[at - 2]) : json::pass_over(value);
    });
    if (fault) return fault;
    return place < (is_mark ? 5U : 6U) ? Fault{"has a candle of too few numbers"} : Fault{};
}

/// Half of what counts both sides, exactly.
std::optional<Decimal> half_of(const std::optional<Decimal>& both) {
    if (!both) return std::nullopt;
    if (both->mantissa % 2 == 0) return Decimal{both->mantissa / 2, both->scale};
    constexpr std::int64_t kMost = INT64_MAX / 5;
    if (both->scale >= 18 || both->mantissa > kMost || both->mantissa < -kMost) return std::nullopt;
    return Decimal{both->mantissa * 5, static_cast<std::int8_t>(both->scale + 1)};
}

/// The members of funding, open interest and ratios, under the names of both venues.
Fault sample_of(ondemand::object object, const HistoryPage& page, Row& row, std::uint32_t& left_out) {
    std::optional<Decimal> both_sides;
    const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "symbol") return expect(value, page.symbol, kOtherSymbol);
        if (key == "timestamp" || key == "fundingRateTimestamp" || key == "fundingTime")
            return time_of(value, row.time_ms);
        if (key == "fundingRate" && page.kind == HistoryKind::funding) return decimal_of(value, row.values[0]);
        if (page.kind == HistoryKind::open_interest) {
            if (key == "openInterest") return decimal_of(value, both_sides);
            if (key == "singleOpenInterest" || key == "sumOpenInterest") return decimal_of(value, row.values[0]);
            return key == "sumOpenInterestValue" ? turnover_of(value, row.values[1], left_out)
                                                 : json::pass_over(value);
        }
        if (key == "buyRatio" || key == "longAccount" || key == "longPosition")
            return decimal_of(value, row.values[0]);
        if (key == "sellRatio" || key == "shortAccount" || key == "shortPosition")
            return decimal_of(value, row.values[1]);
        return json::pass_over(value);
    });
    if (!fault && page.kind == HistoryKind::open_interest && !row.values[0]) row.values[0] = half_of(both_sides);
    return fault;
}

}  // namespace

struct HistoryCodec::Impl {
    json::Document document;
    HistoryRows out;

    Fault take(ondemand::value element, const HistoryPage& page) {
        Row row;
        const bool is_bar = page.kind == HistoryKind::klines || page.kind == HistoryKind::mark_klines;
        if (is_bar) {
            if (const Fault fault = bar_of(element, page, row, out.left_out)) return fault;
        } else {
            ondemand::object object;
            if (const Fault fault = json::object_of(element, object)) return fault;
            if (const Fault fault = sample_of(object, page, row, out.left_out)) return fault;
        }
        // Settlements are some milliseconds late; to the second they compare with each other.
        if (page.kind == HistoryKind::funding && row.time_ms > 0) row.time_ms -= row.time_ms % 1000;
        if (row.time_ms < page.from_ms || row.time_ms >= page.to_ms) return {"has a row outside the time asked for"};
        if (page.step_ms > 0 && row.time_ms % page.step_ms != 0) return {"has a row of another timeframe than asked"};
        if (out.times_ms.size() >= page.limit) return {"has more rows than asked for"};
        for (std::size_t i = 0; i < required_of(page.kind); ++i) {
            if (!row.values[i]) return {"has a row that lacks a value"};
        }
        out.times_ms.push_back(row.time_ms);
        for (std::size_t i = 0; i < out.columns.size(); ++i) out.columns[i].push_back(row.values[i]);
        return {};
    }

    Fault walk_bybit(std::string_view body, const HistoryPage& page) {
        ondemand::object root;
        document.hold(body);
        if (const Fault fault = document.open(root)) return fault;
        bool has_list = false;
        const auto in_result = [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "category") return expect(value, name(page.category), kOtherCategory);
            if (key == "symbol") return expect(value, page.symbol, kOtherSymbol);
            if (key != "list") return json::pass_over(value);
            has_list = true;
            return json::each_element(value, [&](ondemand::value row) -> Fault { return take(row, page); });
        };
        const Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key != "result") return json::pass_over(value);
            ondemand::object result;
            if (const Fault wrong = json::object_of(value, result)) return wrong;
            return json::each_member(result, in_result);
        });
        if (fault) return fault;
        if (!has_list) return {"lacks its list"};
        return document.close();
    }

    Fault walk_binance(std::string_view body, const HistoryPage& page) {
        ondemand::array root;
        document.hold(body);
        if (const Fault fault = document.open(root)) return fault;
        const Fault fault = json::each_element(root, [&](ondemand::value row) -> Fault { return take(row, page); });
        return fault ? fault : document.close();
    }

    /// Ascending, whichever way the venue sent them; anything else is refused.
    Fault put_in_order() {
        std::vector<std::int64_t>& times = out.times_ms;
        if (times.size() > 1 && times.front() > times.back()) {
            std::reverse(times.begin(), times.end());
            for (auto& column : out.columns) std::reverse(column.begin(), column.end());
        }
        const auto repeat =
            std::adjacent_find(times.begin(), times.end(), [](std::int64_t a, std::int64_t b) { return a >= b; });
        return repeat == times.end() ? Fault{} : Fault{"has rows that are not in order of time"};
    }
};

HistoryCodec::HistoryCodec() : impl_(std::make_unique<Impl>()) {}
HistoryCodec::~HistoryCodec() = default;
HistoryCodec::HistoryCodec(HistoryCodec&&) noexcept = default;
HistoryCodec& HistoryCodec::operator=(HistoryCodec&&) noexcept = default;

Result<HistoryRows> HistoryCodec::rows(std::string_view body, const HistoryPage& page) {
    impl_->out = {};
    impl_->out.columns.resize(columns_of(page.kind));
    Fault fault{};
    if (body.size() > kMaxBodyBytes) fault = {"is longer than 8 MB"};
    if (!fault) {
        fault = page.venue == market::Venue::bybit ? impl_->walk_bybit(body, page) : impl_->walk_binance(body, page);
    }
    if (!fault) fault = impl_->put_in_order();
    if (fault) {
        return fail(Errc::malformed,
                    std::string(name(page.venue)) + "'s history of " + page.symbol + " " + fault.what);
    }
    return std::move(impl_->out);
}

}  // namespace vt::exchange
