#include "market/coin_choice.hpp"

#include "market/instrument_directory.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace vt::market {

std::optional<Nanos> data_age(const InstrumentState& state, Timestamp now) {
    std::optional<Timestamp> newest;
    for (const Stream stream : {Stream::book, Stream::trades, Stream::ticker}) {
        const auto received = state.last_receive_time(stream);
        if (received) newest = std::max(newest.value_or(*received), *received);
    }
    if (!newest) return std::nullopt;
    return std::max(Nanos{0}, now - *newest);
}

Voice voice_of(bool has_price, const std::optional<Nanos>& age) {
    if (!has_price) return Voice::unpriced;
    return age && *age > kSpeakerAgeMax ? Voice::silent : Voice::speaking;
}

std::vector<std::size_t> one_of_each_coin(std::span<const Speaker> markets) {
    const auto rank = [&](std::size_t i) { return std::pair{markets[i].voice, preference(*markets[i].instrument)}; };
    std::map<std::string, std::size_t> best;
    for (std::size_t i = 0; i < markets.size(); ++i) {
        const auto [known, is_new] = best.try_emplace(markets[i].instrument->underlying().coin, i);
        if (!is_new && rank(i) < rank(known->second)) known->second = i;
    }
    std::vector<std::size_t> chosen;
    chosen.reserve(best.size());
    for (const auto& [coin, index] : best) chosen.push_back(index);
    return chosen;
}

}  // namespace vt::market
