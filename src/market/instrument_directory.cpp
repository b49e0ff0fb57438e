#include "market/instrument_directory.hpp"

#include "base/edit_distance.hpp"

namespace vt::market {
namespace {

bool matches(const Instrument& instrument, std::string_view text) {
    if (const auto colon = text.find(':');
        colon != std::string_view::npos && text.substr(0, colon) == name(instrument.venue)) {
        text.remove_prefix(colon + 1);
    }
    return text == instrument.path_id() || text == instrument.symbol || text == instrument.unified_symbol() ||
           text == instrument.base + "/" + instrument.quote;
}

}  // namespace

int preference(const Instrument& instrument) {
    return static_cast<int>(instrument.venue) * 10 + static_cast<int>(instrument.category) * 2 +
           (instrument.is_dated ? 1 : 0);
}

InstrumentId InstrumentDirectory::list(Instrument instrument) {
    const auto key = std::tuple{instrument.venue, instrument.category, instrument.symbol};
    if (const auto known = by_symbol_.find(key); known != by_symbol_.end()) {
        instrument.id = known->second;
        instruments_[known->second.value()] = std::move(instrument);
        return known->second;
    }
    const InstrumentId id{static_cast<std::uint32_t>(instruments_.size())};
    instrument.id = id;
    instruments_.push_back(std::move(instrument));
    by_symbol_.emplace(key, id);
    return id;
}

std::optional<InstrumentId> InstrumentDirectory::find(Venue venue, Category category, std::string_view symbol) const {
    const auto found = by_symbol_.find(std::tuple{venue, category, symbol});
    return found == by_symbol_.end() ? std::nullopt : std::optional(found->second);
}

Result<InstrumentId> InstrumentDirectory::resolve(std::string_view text) const {
    const Instrument* best = nullptr;
    const Instrument* nearest = nullptr;
    std::size_t nearest_distance = 4;  // beyond three edits a suggestion is noise
    for (const Instrument& instrument : instruments_) {
        if (matches(instrument, text) && (best == nullptr || preference(instrument) < preference(*best)))
            best = &instrument;
        const std::size_t distance = edit_distance(text.substr(0, 40), instrument.symbol);
        if (distance < nearest_distance) {
            nearest_distance = distance;
            nearest = &instrument;
        }
    }
    if (best != nullptr) return best->id;
    return fail(Errc::not_found, "unknown symbol '" + std::string(text.substr(0, 40)) + "'" +
                                     (nearest != nullptr ? "; did you mean " + nearest->symbol + "?" : ""));
}

}  // namespace vt::market
