#include "runtime/live_configuration.hpp"

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "config/file_text.hpp"
#include "net/prepared_response.hpp"

#include <simdjson.h>

#include <utility>

namespace vt::runtime {
namespace {

using api::ConfigurationAnswer;
using api::ConfigurationRequest;
using api::ConfigurationWish;

ConfigurationAnswer refusal(const Error& error) {
    switch (error.code) {
        case Errc::malformed: return {400, error.what};
        case Errc::not_found: return {404, error.what};
        case Errc::already_exists: return {412, error.what};
        case Errc::unavailable: return {409, error.what};
        case Errc::configuration:
        case Errc::out_of_range: return {422, error.what};
        case Errc::unsupported:
        case Errc::in_use:
        case Errc::refused:
        case Errc::corrupt:
        case Errc::io: return {503, error.what};
    }
    return {503, error.what};
}

void write_list(JsonWriter& out, std::string_view name, const std::vector<std::string>& texts) {
    out.key(name).begin_array();
    for (const std::string& text : texts) out.value(text);
    out.end_array();
}

void write_knob(JsonWriter& out, const config::Knob& knob, const config::Config& config, const config::Loaded& from) {
    const auto origin = from.origins.find(knob.key);
    out.begin_object().field("key", knob.key).key("value").raw(*config::value_text(config, knob.key));
    out.field("source", config::name(from.sources.at(std::string(knob.key)))).key("origin");
    if (origin != from.origins.end() && !origin->second.empty()) {
        out.value(origin->second);
    } else {
        out.null();
    }
    out.key("default").raw(*config::value_text(config::Config{}, knob.key));
    out.field("takes_effect", knob.is_live ? "live" : "restart").end_object();
}

std::string_view json_type(config::KnobKind kind) {
    switch (kind) {
        case config::KnobKind::whole_number: return "integer";
        case config::KnobKind::real_number: return "number";
        case config::KnobKind::text: return "string";
        case config::KnobKind::text_list: return "array";
    }
    return "string";
}

std::string schema() {
    JsonWriter out;
    out.begin_object().field("type", "object").field("additionalProperties", false).key("properties").begin_object();
    for (const config::Knob& knob : config::knobs()) {
        out.key(knob.key).begin_object().field("type", json_type(knob.kind)).field("description", knob.meaning);
        if (knob.kind == config::KnobKind::text_list)
            out.key("items").begin_object().field("type", "string").end_object();
        if (!knob.low.empty()) out.key("minimum").raw(knob.low).key("maximum").raw(knob.high);
        out.key("default").raw(*config::value_text(config::Config{}, knob.key));
        if (knob.is_secret) out.field("writeOnly", true);
        if (!knob.environment.empty()) out.field("x-variable", knob.environment);
        out.field("x-takes-effect", knob.is_live ? "live" : "restart").end_object();
    }
    return out.end_object().end_object().take();
}

/// A JSON value as it stands in a file; null: absent.
Result<std::optional<std::string>> file_value(std::string_view key, simdjson::dom::element value) {
    using simdjson::dom::element_type;
    switch (value.type()) {
        case element_type::NULL_VALUE: return std::nullopt;
        case element_type::INT64:
        case element_type::UINT64:
        case element_type::DOUBLE: return simdjson::minify(value);
        case element_type::STRING: return JsonWriter().value(value.get_string().value()).take();
        case element_type::ARRAY: {
            std::string list = "[";
            bool are_texts = true;
            for (const simdjson::dom::element item : value.get_array()) {
                are_texts = are_texts && item.is_string();
                if (are_texts)
                    list += (list.size() > 1 ? ", " : "") + JsonWriter().value(item.get_string().value()).take();
            }
            if (are_texts) return list + "]";
            break;
        }
        case element_type::OBJECT:
        case element_type::BOOL: break;
    }
    return fail(Errc::configuration,
                std::string(key) + " must be a number, a text, a list of texts, or null for its default");
}

Result<config::FileChanges> changes_of(simdjson::dom::element values) {
    simdjson::dom::object object;
    if (values.get(object) != simdjson::SUCCESS)
        return fail(Errc::malformed, "\"values\" must be an object: {\"log.level\": \"debug\"}");
    config::FileChanges changes;
    for (const auto& [key, value] : object) {
        if (const auto known = config::value_text(config::Config{}, key); !known)
            return fail(Errc::configuration, known.error().what);
        VT_TRY(changes[std::string(key)], file_value(key, value));
    }
    return changes;
}

std::string taken_text(const std::vector<std::string>& changed, const LiveConfiguration::Taken& taken) {
    JsonWriter out;
    out.begin_object();
    write_list(out, "changed", changed);
    write_list(out, "applied", taken.applied);
    write_list(out, "needs_restart", taken.needs_restart);
    return out.end_object().take();
}

}  // namespace

LiveConfiguration::LiveConfiguration(LiveConfigurationParams params, config::Loaded started, std::uint64_t salt)
    : params_(std::move(params)),
      file_(params_.file),
      in_use_(started.config),
      loaded_(std::move(started)),
      salt_(salt) {}

Result<void> LiveConfiguration::check_taken(const config::Loaded& loaded) const {
    if (!params_.check) return {};
    if (auto now = params_.check(loaded.config); !now) return now;
    config::Config taken = in_use_;  // what needs a restart stays as it is until then
    config::copy_live(loaded.config, taken);
    return params_.check(taken);
}

LiveConfiguration::Taken LiveConfiguration::take(const config::Loaded& loaded, bool is_applied_anyway) {
    const config::Config before = in_use_;
    config::copy_live(loaded.config, in_use_);
    loaded_ = loaded;
    Taken taken{.applied = config::changed_keys(before, in_use_),
                .needs_restart = config::changed_keys(in_use_, loaded.config)};
    if (!taken.applied.empty() || is_applied_anyway) params_.apply(in_use_);
    return taken;
}

Result<LiveConfiguration::Taken> LiveConfiguration::reload() {
    VT_TRY(const std::optional<std::string> text, file_.read());
    VT_TRY(const config::Loaded loaded, params_.load(text));
    if (auto checked = check_taken(loaded); !checked) return tl::unexpected(checked.error());
    return take(loaded, true);
}

/// What GET /api/config says where the file has this text: its tag is that of the answer.
std::string LiveConfiguration::shown(const std::optional<std::string>& text) const {
    const auto loaded = params_.load(text);
    Digest revision;  // else a changed secret would not change the tag
    revision.update(std::to_string(salt_) + text.value_or(""));
    JsonWriter out;
    out.begin_object().field("file", file_.path().string()).field("revision", revision.hex().substr(0, 16));
    out.key("text");
    const auto redacted = config::redacted_text(text.value_or(""));
    if (text && redacted) {
        out.value(*redacted);
    } else {
        out.null();
    }
    out.key("problem");
    if (loaded) {
        out.null();
    } else {
        out.value(loaded.error().what);
    }
    out.key("values").begin_array();
    for (const config::Knob& knob : config::knobs()) write_knob(out, knob, in_use_, loaded_);
    out.end_array();
    write_list(out, "needs_restart",
               loaded ? config::changed_keys(in_use_, loaded->config) : std::vector<std::string>{});
    return out.end_object().take();
}

/// The file's text as a change wants it.
Result<std::string> LiveConfiguration::changed_text(const std::string& body, const std::string& present) const {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::object object;
    if (parser.parse(body).get(root) != simdjson::SUCCESS || root.get(object) != simdjson::SUCCESS ||
        object.size() != 1)
        return fail(Errc::malformed,
                    "send {\"values\": {key: value}} or {\"text\": the whole file}, and nothing else");
    std::string_view text;
    simdjson::dom::element values;
    if (object["text"].get(text) == simdjson::SUCCESS) return config::with_secrets_of(text, present);
    if (object["values"].get(values) != simdjson::SUCCESS)
        return fail(Errc::malformed, "send {\"values\": {key: value}} or {\"text\": the whole file}");
    VT_TRY(const config::FileChanges changes, changes_of(values));
    VT_TRY(const std::string changed, config::with_changes(present, changes));
    return config::with_secrets_of(changed, present);
}

ConfigurationAnswer LiveConfiguration::difference(std::optional<std::uint32_t> version) const {
    const auto alone = [&](std::string name, std::optional<std::string> text) -> Result<config::Config> {
        VT_TRY(config::Loaded loaded, config::load({.file_name = std::move(name), .file_text = std::move(text)}));
        return std::move(loaded.config);
    };
    config::Config before;
    if (version) {
        auto earlier = file_.version(*version);
        if (!earlier) return refusal(earlier.error());
        auto loaded = alone("version " + std::to_string(*version), std::move(*earlier));
        if (!loaded) return refusal(loaded.error());
        before = std::move(*loaded);
    }
    auto text = file_.read();
    if (!text) return refusal(text.error());
    const auto after = alone(file_.path().string(), std::move(*text));
    if (!after) return refusal(after.error());
    JsonWriter out;
    out.begin_object().key("version");
    if (version) {
        out.value(*version);
    } else {
        out.null();
    }
    out.key("changes").begin_array();
    for (const std::string& key : config::changed_keys(before, *after)) {
        out.begin_object().field("key", key).key("before").raw(*config::value_text(before, key));
        out.key("after").raw(*config::value_text(*after, key)).end_object();
    }
    return {200, out.end_array().end_object().take()};
}

ConfigurationAnswer LiveConfiguration::history() const {
    const auto versions = file_.versions();
    if (!versions) return refusal(versions.error());
    JsonWriter out;
    out.begin_object().key("versions").begin_array();
    for (const config::FileVersion& one : *versions)
        out.begin_object()
            .field("version", one.number)
            .field("replaced_at", to_ms(one.replaced))
            .field("bytes", one.bytes)
            .end_object();
    return {200, out.end_array().end_object().take()};
}

ConfigurationAnswer LiveConfiguration::change(const ConfigurationRequest& request) {
    const bool is_rollback = request.wish == ConfigurationWish::roll_back;
    if (!request.if_match && !is_rollback)
        return {428, "a change names what it was made from: If-Match with the ETag of GET /api/config"};
    std::optional<config::Loaded> loaded;
    std::vector<std::string> changed;
    const auto made = [&](const std::optional<std::string>& present) -> Result<std::string> {
        if (request.if_match) {
            const auto tagged =
                net::prepare({.content_type = "application/json", .body = shown(present), .has_etag = true});
            if (!tagged->matches(*request.if_match))
                return fail(Errc::already_exists,
                            "somebody else has changed the configuration since; read it again, and change that");
        }
        Result<std::string> text = std::string();
        if (is_rollback) {
            VT_TRY(const std::uint32_t version, rollback_version(request.body));
            text = file_.version(version);
        } else {
            text = changed_text(request.body, present.value_or(""));
        }
        if (!text) return text;
        VT_TRY(loaded, params_.load(*text));
        if (auto checked = check_taken(*loaded); !checked) return tl::unexpected(checked.error());
        const auto before = params_.load(present);
        changed = config::changed_keys(before ? before->config : loaded_.config, loaded->config);
        return text;
    };
    const auto written = file_.replace(made);
    if (!written) return refusal(written.error());
    return {200, taken_text(changed, take(*loaded))};
}

/// in: body: {"version": 3}, {} or nothing: the newest
Result<std::uint32_t> LiveConfiguration::rollback_version(const std::string& body) const {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    std::uint64_t version = 0;
    if (!body.empty()) {
        if (parser.parse(body).get(object) != simdjson::SUCCESS)
            return fail(Errc::malformed, "send {\"version\": a number of /api/config/history} or {}");
        if (object["version"].get(version) == simdjson::SUCCESS) {
            if (version <= 0xFFFF'FFFFU) return static_cast<std::uint32_t>(version);
            return fail(Errc::not_found, "there is no such version");
        }
        if (object.size() > 0) return fail(Errc::malformed, "version must be a number of /api/config/history");
    }
    VT_TRY(const std::vector<config::FileVersion> kept, file_.versions());
    if (kept.empty()) return fail(Errc::not_found, "no earlier version was kept so far");
    return kept.back().number;
}

ConfigurationAnswer LiveConfiguration::answer(const ConfigurationRequest& request) {
    switch (request.wish) {
        case ConfigurationWish::show: {
            const auto text = file_.read();
            return text ? ConfigurationAnswer{200, shown(*text)} : refusal(text.error());
        }
        case ConfigurationWish::schema: return {200, schema()};
        case ConfigurationWish::diff: return difference(request.version);
        case ConfigurationWish::history: return history();
        case ConfigurationWish::change:
        case ConfigurationWish::roll_back: return change(request);
    }
    return {503, "unknown wish"};
}

}  // namespace vt::runtime
