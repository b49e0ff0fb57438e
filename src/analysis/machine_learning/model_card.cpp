#include "analysis/machine_learning/model_card.hpp"

#include "analysis/features/minute_features.hpp"
#include "analysis/minute_history.hpp"
#include "base/digest.hpp"
#include "base/edit_distance.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

namespace vt::analysis::machine_learning {
namespace {

constexpr auto kMinutesKept = static_cast<std::int64_t>(MinuteHistory::kMinutes);

/// The names in a row as it is written, so that the list cannot differ from the rows.
std::vector<std::string> names_in_a_row() {
    const std::set<std::string_view> no_numbers = {"v", "venue", "symbol", "t", "complete", "flags"};
    JsonWriter row;
    write_row(row, MinuteFeatures{}, market::Instrument{});
    const std::string_view text = row.text();
    std::vector<std::string> names;
    for (std::size_t end = text.find("\":"); end != std::string_view::npos; end = text.find("\":", end + 1)) {
        const std::size_t begin = text.rfind('"', end - 1) + 1;
        const std::string_view name = text.substr(begin, end - begin);
        if (!no_numbers.contains(name)) names.emplace_back(name);
    }
    return names;
}

std::string nearest_to(const std::string& feature) {
    return *std::min_element(known_features().begin(), known_features().end(),
                             [&](const std::string& a, const std::string& b) {
                                 return edit_distance(feature, a) < edit_distance(feature, b);
                             });
}

}  // namespace

const std::vector<std::string>& known_features() {
    static const std::vector<std::string> names = names_in_a_row();
    return names;
}

std::string schema_of(const std::vector<std::string>& features) {
    Digest digest;
    for (const std::string& feature : features) {
        digest.update(feature);
        digest.update("\n");
    }
    return digest.hex();
}

std::vector<CardFault> faults_of(const ModelCard& card) {
    std::vector<CardFault> faults;
    if (card.name.empty()) faults.push_back({CardMember::name, "must not be empty: records name the model"});
    if (card.features.empty()) faults.push_back({CardMember::features, "must list what the model reads"});
    std::set<std::string_view> seen;
    for (const std::string& feature : card.features) {
        const auto& known = known_features();
        if (std::find(known.begin(), known.end(), feature) == known.end()) {
            faults.push_back({CardMember::features, "has '" + feature + "', which no row has; did you mean '" +
                                                        nearest_to(feature) +
                                                        "'? Train the model on this program's rows"});
        } else if (!seen.insert(feature).second) {
            faults.push_back({CardMember::features, "has '" + feature + "' twice; list each input once"});
        }
    }
    if (const std::string schema = schema_of(card.features); faults.empty() && card.schema != schema) {
        faults.push_back({CardMember::schema, "is '" + card.schema + "', but that of the listed features is " +
                                                  schema +
                                                  ": the list is not the one the model was trained on; promote the "
                                                  "card that training wrote"});
    }
    if (card.lookback_minutes < 1 || card.lookback_minutes > kMinutesKept) {
        faults.push_back({CardMember::lookback_minutes,
                          "is " + std::to_string(card.lookback_minutes) + ", but " + std::to_string(kMinutesKept) +
                              " closed minutes are kept; train with a window from 1 to that"});
    }
    if (!std::isfinite(card.base_log_odds)) {
        faults.push_back({CardMember::base_log_odds,
                          "must be a number: it is ln(p/(1 - p)) of the base rate p that training found"});
    }
    if (!(card.scale > 0) || !std::isfinite(card.scale))
        faults.push_back({CardMember::scale, "must be greater than 0: without a spread no margin can be judged"});
    return faults;
}

}  // namespace vt::analysis::machine_learning
