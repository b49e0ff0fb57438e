#include "base/assert.hpp"
#include "config/config.hpp"
#include "config/file_text.hpp"

#include <cstdint>

namespace {

/// The values of two configurations that came of files, or that neither is one.
bool is_same(const vt::Result<vt::config::Loaded>& a, const vt::Result<vt::config::Loaded>& b) {
    if (a.has_value() != b.has_value()) return false;
    return !a || vt::config::changed_keys(a->config, b->config).empty();
}

vt::Result<vt::config::Loaded> loaded(std::string text) {
    return vt::config::load({.file_name = "v.toml", .file_text = std::move(text)});
}

}  // namespace

/// Any text as a configuration file: no crash; an error says something; what is shown without its secrets can be sent
/// back and means the same; a change of one key changes that key and no other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt;
    if (size > (std::size_t{16} << 10U)) return 0;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto configuration = loaded(text);
    if (!configuration) VT_ASSERT(!configuration.error().what.empty());
    const auto redacted = config::redacted_text(text);
    if (!redacted) {
        VT_ASSERT(!configuration.has_value());  // what nobody can redact is no configuration either
        return 0;
    }
    const auto again = config::redacted_text(*redacted);
    VT_ASSERT(again.has_value());
    if (const auto restored = config::with_secrets_of(*redacted, text))
        VT_ASSERT(is_same(loaded(*restored), configuration));
    if (!configuration) return 0;
    const std::string wanted = configuration->config.log.format == "json" ? "\"text\"" : "\"json\"";
    const auto changed = config::with_changes(text, {{"log.format", wanted}});
    if (!changed) return 0;  // written in a way that only a hand can change
    const auto after = loaded(*changed);
    VT_ASSERT(after.has_value());
    VT_ASSERT(config::changed_keys(configuration->config, after->config) == std::vector<std::string>{"log.format"});
    return 0;
}
