#include "market/instrument.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vt::market {
namespace {

/// What venues put before a coin's name to count it in thousands and more, longest first. The digits also stand
/// behind a name (Bybit's SHIB1000).
constexpr std::array<std::pair<std::string_view, double>, 6> kMultipliers{
    {{"1000000", 1e6}, {"100000", 1e5}, {"10000", 1e4}, {"1000", 1e3}, {"1M", 1e6}, {"k", 1e3}}};

/// At least two letters or digits, the first a capital: 1INCH, 1000X and kas are coins, 1000XEC and kPEPE are not.
bool is_coin(std::string_view text) {
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return text.size() >= 2 && is_capital(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return is_capital(c) || is_digit(c); });
}

/// "250926": the day in UTC.
std::string day_text(Timestamp at) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    const unsigned number = static_cast<unsigned>(static_cast<int>(day.year()) % 100) * 10'000 +
                            static_cast<unsigned>(day.month()) * 100 + static_cast<unsigned>(day.day());
    const std::string digits = std::to_string(number);
    return std::string(6 - digits.size(), '0') + digits;
}

}  // namespace

Underlying underlying_of(std::string_view base) {
    for (const auto& [text, units] : kMultipliers) {
        if (base.starts_with(text) && is_coin(base.substr(text.size())))
            return {std::string(base.substr(text.size())), units};
        const bool is_digits = text.ends_with('0');
        if (is_digits && base.ends_with(text) && is_coin(base.substr(0, base.size() - text.size())))
            return {std::string(base.substr(0, base.size() - text.size())), units};
    }
    return {std::string(base), 1};
}

std::string_view name(Venue venue) {
    switch (venue) {
        case Venue::bybit: return "bybit";
        case Venue::binance: return "binance";
    }
    return "unknown";
}

std::string_view name(Category category) {
    switch (category) {
        case Category::linear: return "linear";
        case Category::inverse: return "inverse";
        case Category::spot: return "spot";
    }
    return "unknown";
}

std::string_view name(ContractKind kind) {
    switch (kind) {
        case ContractKind::perpetual: return "perpetual";
        case ContractKind::dated: return "dated";
        case ContractKind::spot: return "spot";
    }
    return "unknown";
}

std::string_view name(TradingStatus status) {
    switch (status) {
        case TradingStatus::trading: return "trading";
        case TradingStatus::pre_launch: return "pre_launch";
        case TradingStatus::halted: return "halted";
        case TradingStatus::delivering: return "delivering";
        case TradingStatus::closed: return "closed";
    }
    return "unknown";
}

std::string Instrument::path_id() const {
    return std::string(name(venue)) + "-" + std::string(name(category)) + "-" + symbol;
}

std::string Instrument::unified_symbol() const {
    std::string pair = base + "/" + quote;
    if (settle.empty()) return pair;
    const std::string contract = pair + ":" + settle;
    return is_dated && delivers_at ? contract + "-" + day_text(*delivers_at) : contract;
}

}  // namespace vt::market
