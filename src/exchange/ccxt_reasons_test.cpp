// The differences from ccxt that are meant, each with its reason.

#include "exchange/ccxt_agreement.hpp"

#include <cmath>

namespace vt::exchange {
namespace {

using Numbers = TwoNumbers;
using Holds = bool (*)(const Numbers&);

/// Texts, refusals and rows: nothing more to hold.
bool no_numbers(const Numbers& n) { return !n.ours && !n.theirs; }
bool ours_is_absent(const Numbers& n) { return !n.ours && n.theirs; }
bool theirs_is_absent(const Numbers& n) { return n.ours && !n.theirs; }
bool absent_for_zero(const Numbers& n) { return !n.ours && n.theirs && *n.theirs == 0; }
bool zero_for_absent(const Numbers& n) { return n.ours && *n.ours == 0 && !n.theirs; }
bool absent_for_none_or_huge(const Numbers& n) { return !n.ours && n.theirs && (*n.theirs == 0 || *n.theirs > 1e11); }
bool half(const Numbers& n) { return n.ours && n.theirs && *n.ours * 2 == *n.theirs; }
bool within_a_thousandth(const Numbers& n) { return n.ours && n.theirs && std::abs(*n.ours / *n.theirs - 1) < 1e-3; }
bool cut_to_the_second(const Numbers& n) {
    return n.ours && n.theirs && *n.theirs > *n.ours && *n.theirs - *n.ours < 1000 && std::fmod(*n.ours, 1000) == 0;
}
bool both(const Numbers& n) { return n.ours && n.theirs; }

struct Meant {
    std::string_view venue, category, kind, field;  ///< empty: any
    std::string_view source;                        ///< a part of the source's name; empty: any
    Holds holds;
    std::string_view why;
};

constexpr Meant kMeant[] = {
    {"bybit", "inverse", "ticker", "baseVolume", "", both,
     "ccxt leaves volume in contracts of 1 USD; ours is in coins"},
    {"bybit", "inverse", "ticker", "quoteVolume", "", both, "ccxt leaves turnover in coins; ours is in USD"},
    {"bybit", "inverse", "ohlcv", "5", "", both, "ccxt leaves volume in contracts of 1 USD; ours is in coins"},
    {"bybit", "inverse", "openinterest", "(decodes)", "", no_numbers,
     "counted in USD and a row names no price: not read"},
    {"bybit", "inverse", "market", "contractSize", "", both,
     "ccxt takes the least order for it; a contract is 1 USD"},
    {"bybit", "inverse", "market", "limits.cost.min", "", theirs_is_absent,
     "ccxt leaves out minNotionalValue of inverse contracts"},
    {"bybit", "", "market", "created", "", absent_for_zero, "a launchTime of 0 is none; ccxt says 1970"},
    {"bybit", "linear", "openinterest", "openInterestAmount", "", half, "ccxt counts both sides; ours is one"},
    {"bybit", "", "mytrade", "fee.currency", "", no_numbers,
     "ccxt guesses the currency from the market; ours is what is said"},
    {"bybit", "", "order", "takeProfitPrice", "", ours_is_absent,
     "ccxt repeats the trigger of a take-profit order here"},
    {"bybit", "", "order", "stopLossPrice", "", ours_is_absent, "ccxt repeats the trigger of a stop-loss order here"},
    {"bybit", "", "position", "unrealizedPnl", "", zero_for_absent, "ccxt drops the 0 of a flat position"},
    {"bybit", "spot", "balance", "used", "", both,
     "ccxt counts what is lent and margin as used; ours is locked by orders"},
    {"bybit", "spot", "market", "limits.amount.max", "", absent_for_none_or_huge,
     "0 and numbers of more than 18 digits limit nothing"},
    {"binance", "", "longshort", "longShortRatio", "", within_a_thousandth,
     "computed from shares of four digits; ccxt passes a rounded ratio on"},
    {"binance", "", "longshort", "(decodes)", "GetTopLongShortPositionRatio", no_numbers,
     "the documentation's own example has shares that add up to 1.05"},
    {"binance", "", "longshort", "longShortRatio", "LongShortAccountRatio", both,
     "the documentation's own example writes a tenth of the ratio"},
    {"binance", "linear", "longshort", "longShortRatio", "nautilus-integration", both,
     "the documentation's own examples write ratios that are not those of their shares"},
    {"binance", "", "fundinghistory", "timestamp", "", cut_to_the_second,
     "milliseconds behind the hour are cut off, so that series join"},
    {"binance", "spot", "order", "reduceOnly", "", no_numbers, "spot knows none: false here, null there"},
    {"binance", "spot", "ws-order", "reduceOnly", "", no_numbers, "spot knows none: false here, null there"},
    {"binance", "", "ws-order", "triggerPrice", "", absent_for_zero, "0 is no trigger; ccxt passes it on"},
    {"binance", "linear", "ws-order", "cost", "", ours_is_absent, "futures events name none; ccxt multiplies"},
    {"binance", "", "ws-order", "timestamp", "", ours_is_absent,
     "futures events do not name the creation; ccxt takes the update"},
    {"binance", "", "ws-order", "price", "", ours_is_absent, "a market order has none; ccxt puts the average there"},
    {"binance", "", "order", "price", "", ours_is_absent, "a market order has none; ccxt puts the average there"},
    {"binance", "linear", "ws-order", "status", "order_update", no_numbers,
     "ccxt does not know NEW_ADL and NEW_INSURANCE"},
    {"binance", "spot", "ws-order", "status", "pending_cancel", no_numbers,
     "PENDING_CANCEL is still open; ccxt says canceling"},
    {"binance", "", "order", "timestamp", "", ours_is_absent,
     "the reply does not name the creation; ccxt takes the update"},
    {"binance", "", "order", "cost", "", ours_is_absent, "the reply does not name it; ccxt multiplies"},
    {"binance", "", "order", "(decodes)", "Multiple", no_numbers,
     "a batch answer with refusals among its orders is no list of orders"},
    {"binance", "", "order", "(decodes)", "cancel_open_orders", no_numbers,
     "order lists stand among the orders: no list of orders"},
    {"binance", "linear", "balance", "used", "", ours_is_absent,
     "futures lock margin, not balances; ccxt puts the margin there"},
    {"binance", "linear", "position", "entryPrice", "", absent_for_zero, "0 is none; ccxt passes it on"},
    {"binance", "linear", "position", "side", "", no_numbers,
     "ccxt judges by the notional, which old replies do not name"},
    {"binance", "linear", "ws-ohlcv", "(decodes)", "kline_stream", no_numbers,
     "the documentation's own example opens below its low"},
    {"binance", "linear", "ws-trade", "(decodes)", "trade_stream", no_numbers,
     "a futures trade that does not say MARKET is not counted as one"},
    {"binance", "spot", "market", "base", "exchangeInfo", no_numbers, "ccxt renames a few currencies"},
    {"binance", "spot", "market", "symbol", "exchangeInfo", no_numbers, "ccxt renames a few currencies"},
};

bool fits(std::string_view wanted, std::string_view given) { return wanted.empty() || wanted == given; }

}  // namespace

std::string_view reason_for(const CcxtCase& payload, std::string_view field, TwoNumbers numbers) {
    for (const Meant& meant : kMeant) {
        if (fits(meant.venue, payload.venue) && fits(meant.category, payload.category) &&
            fits(meant.kind, payload.kind) && fits(meant.field, field) &&
            payload.source.find(meant.source) != std::string::npos && meant.holds(numbers))
            return meant.why;
    }
    return {};
}

}  // namespace vt::exchange
