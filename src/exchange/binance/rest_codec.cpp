#include "exchange/binance/rest_codec.hpp"

#include "exchange/binance/rest_parts.hpp"

#include <algorithm>
#include <charconv>

namespace vt::exchange::binance {

using json::Fault;
namespace ondemand = json::ondemand;

RestCodec::RestCodec() : impl_(std::make_unique<Impl>()) {}
RestCodec::~RestCodec() = default;
RestCodec::RestCodec(RestCodec&&) noexcept = default;
RestCodec& RestCodec::operator=(RestCodec&&) noexcept = default;

// {"serverTime":1499827319559}
Result<Timestamp> RestCodec::server_time(std::string_view body) {
    Timestamp at;
    const Fault fault = impl_->walk_object(body, [&](std::string_view key, ondemand::value value) -> Fault {
        return key == "serverTime" ? json::instant_of(value, at) : json::pass_over(value);
    });
    if (fault) return refused_body("time", fault);
    if (at == Timestamp{}) return refused_body("time", {"lacks its serverTime"});
    return at;
}

// [{"symbol":"BTCUSDT","priceChangePercent":"-0.330","lastPrice":"47028.59","openPrice":"47184.22","highPrice":"47688.88",
//   "lowPrice":"46280.00","volume":"471540.5","quoteVolume":"22175129357.20","closeTime":1630042423017}]
Result<std::vector<DayTicker>> RestCodec::day_tickers(std::string_view body) {
    std::vector<DayTicker> rows;
    const Fault fault = impl_->walk_rows(body, [&](ondemand::object object) -> Fault {
        DayTicker row;
        market::Ticker& ticker = row.ticker;
        const Fault wrong = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            const std::pair<std::string_view, std::optional<double>*> reals[] = {
                {"lastPrice", &ticker.last_price},         {"openPrice", &ticker.previous_price_24h},
                {"highPrice", &ticker.high_24h},           {"lowPrice", &ticker.low_24h},
                {"volume", &ticker.volume_24h_base},       {"quoteVolume", &ticker.turnover_24h_quote},
                {"priceChangePercent", &ticker.change_24h}};
            const auto* const real = std::find_if(std::begin(reals), std::end(reals),
                                                  [&](const auto& entry) { return entry.first == key; });
            std::string_view text;
            if (real == std::end(reals) && key != "symbol" && key != "closeTime") return json::pass_over(value);
            if (const Fault bad = scalar_text(value, text)) return bad;
            if (real != std::end(reals)) return json::real_in(text, *real->second);
            // A symbol that never traded has closeTime 0.
            if (key == "closeTime") return text == "0" ? Fault{} : optional_instant(text, row.closed_at);
            row.symbol = text.substr(0, 64);
            return {};
        });
        if (wrong) return wrong;
        if (row.symbol.empty()) return {"has a ticker without symbol"};
        if (ticker.change_24h) ticker.change_24h = *ticker.change_24h / 100;
        row.turnover_24h_quote = ticker.turnover_24h_quote.value_or(0);
        rows.push_back(std::move(row));
        return {};
    });
    if (fault) return refused_body("ticker/24hr", fault);
    return rows;
}

// {"symbol":"BTCUSDT","bidPrice":"64920.80","bidQty":"3.808","askPrice":"64920.90","askQty":"11.445","time":1784098318002}
Result<std::vector<BookTop>> RestCodec::book_tickers(std::string_view body) {
    std::vector<BookTop> rows;
    const Fault fault = impl_->walk_rows(body, [&](ondemand::object object) -> Fault {
        BookTop row;
        unsigned found = 0;
        const Fault wrong = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            double* const target = key == "bidPrice"   ? &row.bid
                                   : key == "bidQty"   ? &row.bid_quantity
                                   : key == "askPrice" ? &row.ask
                                   : key == "askQty"   ? &row.ask_quantity
                                                       : nullptr;
            std::string_view text;
            if (target == nullptr && key != "symbol") return json::pass_over(value);
            if (const Fault bad = scalar_text(value, text)) return bad;
            if (target == nullptr) {
                row.symbol = text.substr(0, 64);
                return {};
            }
            ++found;
            return required_real(text, *target);
        });
        if (wrong) return wrong;
        if (row.symbol.empty() || found != 4) return {"lacks its symbol, a price or a quantity"};
        rows.push_back(std::move(row));
        return {};
    });
    if (fault) return refused_body("ticker/bookTicker", fault);
    return rows;
}

// [{"symbol":"LPTUSDT","adjustedFundingRateCap":"0.02","fundingIntervalHours":4,"disclaimer":false}]
Result<std::vector<FundingTerms>> RestCodec::funding_info(std::string_view body) {
    std::vector<FundingTerms> rows;
    const Fault fault = impl_->walk_rows(body, [&](ondemand::object object) -> Fault {
        FundingTerms row;
        std::uint64_t hours = 0;
        const Fault wrong = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "fundingIntervalHours") return json::count_of(value, hours);
            if (key != "symbol") return json::pass_over(value);
            std::string_view text;
            if (const Fault bad = json::text_of(value, text)) return bad;
            row.symbol = text.substr(0, 64);
            return {};
        });
        if (wrong) return wrong;
        if (row.symbol.empty() || hours == 0 || hours > 24 * 30) return {"lacks its symbol or fundingIntervalHours"};
        row.interval = std::chrono::hours{static_cast<std::int64_t>(hours)};
        rows.push_back(std::move(row));
        return {};
    });
    if (fault) return refused_body("fundingInfo", fault);
    return rows;
}

// {"symbol":"BTCUSDT","markPrice":"64138.69","indexPrice":"64162.75","lastFundingRate":"0.00007013","interestRate":"0.0001",
//  "nextFundingTime":1783900800000,"time":1783875671000}; dated contracts: rate "" and time 0
Result<std::vector<PremiumRow>> RestCodec::premium_index(std::string_view body) {
    std::vector<PremiumRow> rows;
    const Fault fault = impl_->walk_rows(body, [&](ondemand::object object) -> Fault {
        PremiumRow row;
        market::Ticker& ticker = row.ticker;
        const Fault wrong = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            std::optional<double>* const real = key == "markPrice"         ? &ticker.mark_price
                                                : key == "indexPrice"      ? &ticker.index_price
                                                : key == "lastFundingRate" ? &ticker.funding_rate
                                                : key == "interestRate"    ? &row.interest_per_8h
                                                                           : nullptr;
            const bool is_known = real != nullptr || key == "symbol" || key == "nextFundingTime" || key == "time";
            std::string_view text;
            if (!is_known) return json::pass_over(value);
            if (const Fault bad = scalar_text(value, text)) return bad;
            if (real != nullptr) return json::real_in(text, *real);
            if (key == "time") return required_instant(text, row.at);
            if (key == "nextFundingTime")
                return text == "0" ? Fault{} : optional_instant(text, ticker.next_funding_at);
            row.symbol = text.substr(0, 64);
            return {};
        });
        if (wrong) return wrong;
        if (row.symbol.empty() || !ticker.mark_price || row.at == Timestamp{})
            return {"lacks symbol, markPrice or time"};
        if (!ticker.next_funding_at) {
            ticker.funding_rate.reset();
            row.interest_per_8h.reset();
        }
        rows.push_back(std::move(row));
        return {};
    });
    if (fault) return refused_body("premiumIndex", fault);
    return rows;
}

}  // namespace vt::exchange::binance
