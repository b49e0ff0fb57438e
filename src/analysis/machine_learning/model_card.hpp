#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace vt::analysis::machine_learning {

/// What a promoted model says of itself: what it was trained on, and what its margin means.
/// docs/formats/model_card.md
struct ModelCard {
    std::string name;
    std::string schema;                 ///< schema_of(features) as it was in training
    std::vector<std::string> features;  ///< members of the rows of closed minutes, in the order of the model's inputs
    std::int64_t lookback_minutes = 1;  ///< closed minutes that one prediction reads; as many as MinuteHistory keeps
    double base_log_odds = 0;           ///< l0: logit of the base rate in training
    double scale = 1;                   ///< 1.4826 median |l - l0| of the out-of-fold predictions
};

/// The members of a row of `replay --features` that a model can read: those that are numbers.
[[nodiscard]] const std::vector<std::string>& known_features();
/// SHA-256 over the features' names, each with a line end: another order is another schema.
[[nodiscard]] std::string schema_of(const std::vector<std::string>& features);

/// Which of a card's members is wrong.
enum class CardMember : std::uint8_t { name, schema, features, lookback_minutes, base_log_odds, scale };
struct CardFault {
    CardMember member = CardMember::name;
    std::string what;  ///< with the remedy
};
/// Whether this program can feed the model what it was trained on.
///   out: what does not fit; empty where the card does
[[nodiscard]] std::vector<CardFault> faults_of(const ModelCard& card);

}  // namespace vt::analysis::machine_learning
