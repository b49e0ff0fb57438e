#include "config/config.hpp"

#include "base/edit_distance.hpp"
#include "config/binding.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"
#include "records/database_url.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace vt::config {

const std::vector<Binding>& bindings() {
    static const std::vector<Binding> all = [] {
        std::vector<Binding> list = server_bindings();
        for (Binding& binding : own_bindings()) list.push_back(std::move(binding));
        for (Binding& binding : weight_bindings()) list.push_back(std::move(binding));
        for (Binding& binding : signal_bindings()) list.push_back(std::move(binding));
        for (Binding& binding : alpha_bindings()) list.push_back(std::move(binding));
        for (Binding& binding : risk_bindings()) list.push_back(std::move(binding));
        for (Binding& binding : trading_bindings()) list.push_back(std::move(binding));
        for (Binding& binding : paper_bindings()) list.push_back(std::move(binding));
        for (Binding& binding : cache_bindings()) list.push_back(std::move(binding));
        for (Binding& binding : alert_bindings()) list.push_back(std::move(binding));
        return list;
    }();
    return all;
}

const Binding* find_binding(std::string_view key) {
    for (const Binding& binding : bindings()) {
        if (binding.knob.key == key) return &binding;
    }
    return nullptr;
}

namespace {

/// The weights of components are part of the program; those of dimensions are of a profile that has them.
std::string weights_remedy(std::string_view key) {
    for (const confluence::ProfileMembers& profile : confluence::profile_members()) {
        const std::string table = "weights." + std::string(profile.name);
        if (!key.starts_with(table + ".")) continue;
        std::string members;
        for (std::size_t d = 0; d < profile.has.size(); ++d) {
            if (profile.has[d])
                members +=
                    (members.empty() ? "" : ", ") + std::string(analysis::name(static_cast<analysis::Dimension>(d)));
        }
        return "; " + table + " weighs the dimensions " + members + ", and no components";
    }
    return {};
}

std::string suggestion(std::string_view key) {
    if (const std::string remedy = weights_remedy(key); !remedy.empty())
        return "unknown key '" + std::string(key) + "'" + remedy;
    const auto nearest =
        std::min_element(bindings().begin(), bindings().end(), [&](const Binding& a, const Binding& b) {
            return edit_distance(key, a.knob.key) < edit_distance(key, b.knob.key);
        });
    return "unknown key '" + std::string(key) + "'; did you mean '" + std::string(nearest->knob.key) + "'?";
}

/// Text of a variable or flag, read as the knob's own kind: number, list separated by commas, or text.
Value value_from_text(const Binding& binding, const std::string& given) {
    const std::string current = binding.text(Config{});
    if (current.starts_with('"')) return given;
    if (current.starts_with('[')) {
        Texts items;
        std::size_t start = 0;
        while (start <= given.size() && !given.empty()) {
            const std::size_t comma = std::min(given.find(',', start), given.size());
            if (comma > start) items.push_back(given.substr(start, comma - start));
            start = comma + 1;
        }
        return items;
    }
    std::int64_t whole = 0;
    const char* end = given.data() + given.size();
    if (const auto [stop, error] = std::from_chars(given.data(), end, whole); error == std::errc{} && stop == end)
        return whole;
    double real = 0;
    if (const auto [stop, error] = std::from_chars(given.data(), end, real); error == std::errc{} && stop == end)
        return real;
    return given;
}

std::optional<Value> value_from_node(const toml::node& node) {
    if (const auto whole = node.value_exact<std::int64_t>()) return Value(*whole);
    if (const auto real = node.value_exact<double>()) return Value(*real);
    if (const auto given = node.value_exact<std::string>()) return Value(*given);
    if (const toml::array* array = node.as_array()) {
        Texts items;
        for (const toml::node& item : *array) {
            const auto given = item.value_exact<std::string>();
            if (!given) return std::nullopt;
            items.push_back(*given);
        }
        return Value(std::move(items));
    }
    return std::nullopt;
}

/// Sets every leaf of a table; `prefix` is the dotted path so far.
Result<void> set_from_table(Loaded& loaded, const toml::table& table, const std::string& prefix,
                            const std::string& file) {
    for (const auto& [name, node] : table) {
        const std::string key = prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str());
        const std::string where = file + ":" + std::to_string(node.source().begin.line) + ": ";
        if (const toml::table* inner = node.as_table()) {
            VT_TRY([[maybe_unused]] const auto unit, set_from_table(loaded, *inner, key, file).map([] { return 0; }));
            continue;
        }
        const Binding* binding = find_binding(key);
        if (binding == nullptr) return fail(Errc::configuration, where + suggestion(key));
        const auto value = value_from_node(node);
        if (!value) return fail(Errc::configuration, where + key + " has a value of an unexpected kind");
        if (auto set = binding->set(loaded.config, *value); !set)
            return fail(Errc::configuration, where + key + " " + set.error().what);
        loaded.sources[key] = Source::file;
        loaded.places[key] = where;
        loaded.origins[key] = file + ":" + std::to_string(node.source().begin.line);
    }
    return {};
}

/// in: variable: where it comes from; empty: a flag
Result<void> set_from_text(Loaded& loaded, const Binding& binding, const std::string& given,
                           const std::string& variable) {
    if (auto set = binding.set(loaded.config, value_from_text(binding, given)); !set) {
        const std::string origin = variable.empty() ? std::string(binding.knob.key) : variable;
        return fail(Errc::configuration, origin + " = '" + net::without_password(records::without_password(given)) +
                                             "': " + set.error().what);
    }
    const std::string key(binding.knob.key);
    loaded.sources[key] = variable.empty() ? Source::flag : Source::environment;
    loaded.origins[key] = variable;
    return {};
}

/// Ten digits: what adds up does so again when it is copied.
std::string share_text(double share) {
    std::array<char, 32> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), share, std::chars_format::general, 10);
    return {buffer.data(), end};
}

/// A profile whose weights do not add up to 1: says by how much, where it was set, and what would.
Result<void> check_weights(const Loaded& loaded) {
    constexpr double kTolerance = 1e-9;
    for (std::size_t i = 0; i < confluence::kProfileCount; ++i) {
        const confluence::ProfileMembers& profile = confluence::profile_members()[i];
        const confluence::DimensionWeights& weights = loaded.config.weights.profiles[i].base;
        const std::string table = "weights." + std::string(profile.name);
        double total = 0;
        std::string where;
        std::string shares;
        for (std::size_t d = 0; d < weights.size(); ++d) {
            if (!profile.has[d]) continue;
            total += weights[d];
            const std::string key = table + "." + std::string(analysis::name(static_cast<analysis::Dimension>(d)));
            if (const auto place = loaded.places.find(key); place != loaded.places.end()) where = place->second;
        }
        if (std::abs(total - 1) <= kTolerance) continue;
        for (std::size_t d = 0; d < weights.size() && total > 0; ++d) {
            if (!profile.has[d]) continue;
            shares += (shares.empty() ? ": " : ", ") +
                      std::string(analysis::name(static_cast<analysis::Dimension>(d))) + " " +
                      share_text(weights[d] / total);
        }
        return fail(Errc::configuration, where + table + " adds up to " + share_text(total) +
                                             ", not to 1; the same shares that do are" +
                                             (shares.empty() ? " equal ones" : shares));
    }
    return {};
}

Result<void> check_signals(const Config::Signals& signals) {
    if (signals.score_min > signals.score_max)
        return fail(Errc::configuration, "signals.score_min must not lie above signals.score_max");
    if (signals.stop_atr > signals.stop_atr_max)
        return fail(
            Errc::configuration,
            "signals.stop_atr must not lie above signals.stop_atr_max: no signal could pass the gate stop_sane");
    constexpr std::array<std::uint32_t, 4> kMeasured{1'000, 10'000, 100'000, 1'000'000};
    if (std::find(kMeasured.begin(), kMeasured.end(), signals.order_quote) == kMeasured.end())
        return fail(Errc::configuration,
                    "signals.order_quote must be 1000, 10000, 100000 or 1000000: these are what the book is measured "
                    "with");
    return {};
}

Result<void> check_together(const Loaded& loaded) {
    const Config& config = loaded.config;
    for (const std::uint32_t depth : {config.market.book_depth, config.market.deep_book_depth}) {
        if (depth != 50 && depth != 200 && depth != 1000) {
            return fail(
                Errc::configuration,
                "market.book_depth and market.deep_book_depth must be 50, 200 or 1000: the venue has no others");
        }
    }
    if (config.confluence.direction_leave > config.confluence.direction_enter) {
        return fail(Errc::configuration, "confluence.direction_leave must not lie above confluence.direction_enter");
    }
    if (auto checked = check_signals(config.signals); !checked) return checked;
    if (auto checked = check_risk(config); !checked) return checked;
    if (auto checked = check_paper(config); !checked) return checked;
    if (config.server.tls_certificate_file.empty() != config.server.tls_key_file.empty()) {
        return fail(Errc::configuration,
                    "server.tls_certificate_file and server.tls_key_file belong together: set both, or neither");
    }
    if (auto checked = check_cache(loaded); !checked) return checked;
    if (auto checked = check_alerts(config); !checked) return checked;
    return check_weights(loaded);
}

}  // namespace

std::string_view name(Source source) {
    switch (source) {
        case Source::built_in: return "default";
        case Source::file: return "file";
        case Source::environment: return "environment";
        case Source::flag: return "flag";
    }
    return "unknown";
}

const std::vector<Knob>& knobs() {
    static const std::vector<Knob> all = [] {
        std::vector<Knob> list;
        for (const Binding& binding : bindings()) list.push_back(binding.knob);
        return list;
    }();
    return all;
}

namespace {

/// A variable that is on or off and stands for the values of knobs.
struct Switch {
    std::string_view variable;
    std::vector<std::pair<std::string_view, std::string_view>> values;
};

const std::vector<Switch>& switches() {
    static const std::vector<Switch> all = {
        {"DEBUG", {{"log.level", "debug"}}},
        {"BYBIT_TESTNET",
         {{"bybit.rest_url", "https://api-testnet.bybit.com"},
          {"bybit.stream_url", "wss://stream-testnet.bybit.com"}}},
    };
    return all;
}

Result<bool> is_on(std::string_view variable, std::string_view value) {
    for (const std::string_view on : {"1", "true", "yes", "on"}) {
        if (value == on) return true;
    }
    for (const std::string_view off : {"", "0", "false", "no", "off"}) {
        if (value == off) return false;
    }
    return fail(Errc::configuration, std::string(variable) + " must be 1 or 0");
}

Result<void> apply_switches(Loaded& loaded, const Inputs& inputs) {
    for (const Switch& one : switches()) {
        const auto found = inputs.environment.find(std::string(one.variable));
        if (found == inputs.environment.end()) continue;
        VT_TRY(const bool on, is_on(one.variable, found->second));
        if (!on) continue;
        for (const auto& [key, value] : one.values) {
            if (auto set = set_from_text(loaded, *find_binding(key), std::string(value), std::string(one.variable));
                !set)
                return set;
        }
    }
    return {};
}

}  // namespace

std::vector<std::string> variable_names() {
    std::vector<std::string> names;
    for (const Binding& binding : bindings()) {
        if (!binding.knob.environment.empty()) names.emplace_back(binding.knob.environment);
    }
    for (const Switch& one : switches()) names.emplace_back(one.variable);
    return names;
}

Result<Loaded> load(const Inputs& inputs) {
    Loaded loaded;
    for (const Binding& binding : bindings()) loaded.sources[std::string(binding.knob.key)] = Source::built_in;
    if (inputs.file_text) {
        toml::table table;
        try {
            table = toml::parse(*inputs.file_text);
        } catch (const toml::parse_error& error) {
            return fail(Errc::configuration, inputs.file_name + ":" + std::to_string(error.source().begin.line) +
                                                 ": " + std::string(error.description()));
        }
        if (auto set = set_from_table(loaded, table, "", inputs.file_name); !set) return tl::unexpected(set.error());
    }
    if (auto set = apply_switches(loaded, inputs); !set) return tl::unexpected(set.error());
    for (const Binding& binding : bindings()) {
        const auto variable = inputs.environment.find(std::string(binding.knob.environment));
        if (binding.knob.environment.empty() || variable == inputs.environment.end()) continue;
        if (auto set = set_from_text(loaded, binding, variable->second, variable->first); !set)
            return tl::unexpected(set.error());
    }
    for (const auto& [key, given] : inputs.flags) {
        const Binding* binding = find_binding(key);
        if (binding == nullptr) return fail(Errc::configuration, suggestion(key));
        if (auto set = set_from_text(loaded, *binding, given, ""); !set) return tl::unexpected(set.error());
    }
    if (auto checked = check_together(loaded); !checked) return tl::unexpected(checked.error());
    return loaded;
}

Result<net::Route> route_of(const Config& config, const std::string& venue_proxy,
                            const std::string& venue_local_address) {
    const Config::Network& network = config.network;
    net::Route route{.local_address = venue_local_address.empty() ? network.local_address : venue_local_address};
    std::string proxy = venue_proxy;
    if (proxy.empty()) proxy = network.proxy.empty() ? network.all_proxy : network.proxy;
    if (proxy.empty() || proxy == "direct") return route;
    VT_TRY(route.proxy, net::parse_proxy(proxy));
    return route;
}

void copy_live(const Config& from, Config& to) {
    for (const Binding& binding : bindings()) {
        if (binding.knob.is_live) binding.copy(from, to);
    }
}

std::vector<std::string> changed_keys(const Config& before, const Config& after) {
    std::vector<std::string> keys;
    for (const Binding& binding : bindings()) {
        const auto& exact = binding.exact ? binding.exact : binding.text;
        if (exact(before) != exact(after)) keys.emplace_back(binding.knob.key);
    }
    return keys;
}

Result<std::string> value_text(const Config& config, std::string_view key) {
    const Binding* binding = find_binding(key);
    if (binding == nullptr) return fail(Errc::not_found, suggestion(key));
    return binding->text(config);
}

}  // namespace vt::config
