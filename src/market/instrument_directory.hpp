#pragma once

#include "base/result.hpp"
#include "market/instrument.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace vt::market {

/// Which of several instruments of one coin speaks for it; smaller is preferred: the primary venue first, its linear
/// perpetuals before its dated, inverse and spot ones.
[[nodiscard]] int preference(const Instrument& instrument);

/// The instruments of a run, numbered in the order in which they were listed. Never forgets one.
class InstrumentDirectory {
public:
    /// Gives the instrument its id. Listing the same (venue, category, symbol) again updates its steps and keeps the
    /// id.
    InstrumentId list(Instrument instrument);

    [[nodiscard]] const Instrument& operator[](InstrumentId id) const { return instruments_[id.value()]; }
    [[nodiscard]] std::span<const Instrument> all() const { return instruments_; }
    [[nodiscard]] std::optional<InstrumentId> find(Venue venue, Category category, std::string_view symbol) const;

    /// What a person may type: "bybit-linear-BTCUSDT", "BTC/USDT:USDT", "BTC/USDT", "BTCUSDT", "bybit:BTC/USDT:USDT".
    /// The primary venue's linear contract wins where several match.
    ///   errors: not_found, with the nearest known symbol as the remedy
    [[nodiscard]] Result<InstrumentId> resolve(std::string_view text) const;

private:
    std::vector<Instrument> instruments_;
    std::map<std::tuple<Venue, Category, std::string>, InstrumentId, std::less<>> by_symbol_;
};

}  // namespace vt::market
