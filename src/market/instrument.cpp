#include "market/instrument.hpp"

namespace vt::market {
namespace {

/// "250926": the day in UTC.
std::string day_text(Timestamp at) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    const unsigned number = static_cast<unsigned>(static_cast<int>(day.year()) % 100) * 10'000 +
                            static_cast<unsigned>(day.month()) * 100 + static_cast<unsigned>(day.day());
    const std::string digits = std::to_string(number);
    return std::string(6 - digits.size(), '0') + digits;
}

}  // namespace

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
