#include "config/model_card_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>

namespace vt::config {
namespace {

using analysis::machine_learning::CardFault;
using analysis::machine_learning::CardMember;
using analysis::machine_learning::ModelCard;

std::string_view key_of(CardMember member) {
    switch (member) {
        case CardMember::name: return "name";
        case CardMember::schema: return "schema";
        case CardMember::features: return "features";
        case CardMember::lookback_minutes: return "lookback_minutes";
        case CardMember::base_log_odds: return "base_log_odds";
        case CardMember::scale: return "scale";
    }
    return "";
}

constexpr std::array<std::string_view, 6> kKeys = {"name",          "schema", "features", "lookback_minutes",
                                                   "base_log_odds", "scale"};

std::string place(const std::string& file, const toml::node& node) {
    return file + ":" + std::to_string(node.source().begin.line) + ": ";
}

template <class T>
Result<void> take(const toml::table& table, const std::string& file, std::string_view key, T& target) {
    const toml::node* node = table.get(key);
    if (node == nullptr)
        return fail(Errc::configuration,
                    file + ": '" + std::string(key) + "' is missing; docs/formats/model_card.md");
    const auto value = node->value<T>();
    if (!value) return fail(Errc::configuration, place(file, *node) + std::string(key) + " is of the wrong kind");
    target = *value;
    return {};
}

Result<void> take_features(const toml::table& table, const std::string& file, std::vector<std::string>& target) {
    const toml::node* node = table.get("features");
    if (node == nullptr || node->as_array() == nullptr) {
        return fail(Errc::configuration, (node != nullptr ? place(file, *node) : file + ": ") +
                                             "'features' must be a list of names; docs/formats/model_card.md");
    }
    for (const toml::node& item : *node->as_array()) {
        const auto name = item.value_exact<std::string>();
        if (!name) return fail(Errc::configuration, place(file, item) + "features holds something that is no name");
        target.push_back(*name);
    }
    return {};
}

Result<void> take_all(const toml::table& table, const std::string& file, ModelCard& card) {
    for (const auto& [key, node] : table) {
        if (std::find(kKeys.begin(), kKeys.end(), key.str()) == kKeys.end()) {
            return fail(Errc::configuration, place(file, node) + "unknown key '" + std::string(key.str()) +
                                                 "'; a card has name, schema, features, lookback_minutes, "
                                                 "base_log_odds and scale");
        }
    }
    if (auto done = take(table, file, "name", card.name); !done) return done;
    if (auto done = take(table, file, "schema", card.schema); !done) return done;
    if (auto done = take_features(table, file, card.features); !done) return done;
    if (auto done = take(table, file, "lookback_minutes", card.lookback_minutes); !done) return done;
    if (auto done = take(table, file, "base_log_odds", card.base_log_odds); !done) return done;
    return take(table, file, "scale", card.scale);
}

}  // namespace

Result<ModelCard> read_model_card(const std::string& file_name, std::string_view text) {
    toml::table table;
    try {
        table = toml::parse(text);
    } catch (const toml::parse_error& error) {
        return fail(Errc::configuration, file_name + ":" + std::to_string(error.source().begin.line) + ": " +
                                             std::string(error.description()));
    }
    ModelCard card;
    if (auto taken = take_all(table, file_name, card); !taken) return tl::unexpected(taken.error());
    if (const auto faults = analysis::machine_learning::faults_of(card); !faults.empty()) {
        const std::string_view key = key_of(faults.front().member);
        return fail(Errc::configuration,
                    place(file_name, *table.get(key)) + std::string(key) + " " + faults.front().what);
    }
    return card;
}

}  // namespace vt::config
