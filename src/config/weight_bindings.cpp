#include "config/binding.hpp"

#include <deque>

namespace vt::config {

std::string_view kept_text(std::string made) {
    static std::deque<std::string> texts;
    return texts.emplace_back(std::move(made));
}

std::vector<Binding> weight_bindings() {
    std::vector<Binding> bindings;
    bindings.push_back(text(
        {"weights.version", "", "name of this set of weights, written into every score record"},
        [](Config& c) -> std::string& { return c.weights.version; },
        [](const std::string& given) { return !given.empty(); }, "a name"));
    for (std::size_t i = 0; i < confluence::kProfileCount; ++i) {
        const confluence::ProfileMembers& profile = confluence::profile_members()[i];
        for (std::size_t d = 0; d < profile.has.size(); ++d) {
            if (!profile.has[d]) continue;
            const std::string dimension(analysis::name(static_cast<analysis::Dimension>(d)));
            const std::string table(profile.name);
            const auto field = [i, d](Config& c) -> double& { return c.weights.profiles[i].base[d]; };
            Binding binding = real_number({kept_text("weights." + table + "." + dimension), "",
                                           kept_text("weight of " + dimension + " in profile " + table)},
                                          field, 0, 1);
            // No table by regime was learned: every regime weighs as the profile does.
            binding.set = [set = std::move(binding.set), i](Config& config, const Value& value) -> Result<void> {
                if (auto done = set(config, value); !done) return done;
                confluence::ProfileWeights& weights = config.weights.profiles[i];
                weights.by_regime.fill(weights.base);
                return {};
            };
            bindings.push_back(std::move(binding));
        }
    }
    return bindings;
}

}  // namespace vt::config
