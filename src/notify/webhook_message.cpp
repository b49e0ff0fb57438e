#include "base/hmac.hpp"
#include "base/json_writer.hpp"
#include "notify/alert_text.hpp"
#include "notify/inert_text.hpp"
#include "notify/message.hpp"

namespace vt::notify {
namespace {

/// A text, or null where there is none.
void write_text(JsonWriter& out, std::string_view key, std::string_view text) {
    const std::string inert_text = inert(text);
    out.key(key);
    if (inert_text.empty()) {
        out.null();
    } else {
        out.value(inert_text);
    }
}

void write_score(JsonWriter& out, const alerts::ScoreFigures& score) {
    out.begin_object().field("score", score.score).field("coverage", score.coverage);
    out.field("confidence", score.confidence);
    write_text(out, "direction", score.direction);
    out.key("sides").begin_array();
    for (const alerts::SideScore& side : score.sides) {
        out.begin_object().field("name", inert_line(side.name)).field("score", side.score);
        out.field("contribution", side.contribution).end_object();
    }
    out.end_array().end_object();
}

void write_levels(JsonWriter& out, const alerts::Levels& levels) {
    out.begin_object().field("entry", inert_line(levels.entry)).field("stop", inert_line(levels.stop));
    out.key("targets").begin_array();
    for (const std::string& target : levels.targets) out.value(inert_line(target));
    out.end_array().end_object();
}

std::string alert_json(const alerts::Alert& alert) {
    JsonWriter out;
    out.begin_object().field("version", 1).field("id", safe_id(alert));
    write_text(out, "rule", alert.rule);
    out.field("kind", name(alert.kind)).field("severity", name(alert.severity));
    write_text(out, "instrument", alert.instrument);
    write_text(out, "symbol", alert.symbol);
    out.key("side");
    if (alert.side) {
        out.value(name(*alert.side));
    } else {
        out.null();
    }
    out.field("at", utc_text(alert.at)).field("at_ms", to_ms(alert.at));
    out.field("title", inert_line(alert.title)).field("text", inert(alert.text));
    out.field("count", static_cast<std::uint64_t>(alert.count));
    out.key("figures").begin_array();
    for (const alerts::Figure& figure : alert.figures) {
        out.begin_object().field("name", inert_line(figure.name)).field("text", inert(figure.text)).end_object();
    }
    out.end_array().key("score");
    if (alert.score) {
        write_score(out, *alert.score);
    } else {
        out.null();
    }
    out.key("levels");
    if (alert.levels) {
        write_levels(out, *alert.levels);
    } else {
        out.null();
    }
    out.end_object();
    return out.take();
}

}  // namespace

Payload webhook_payload(const alerts::Alert& alert, const Secret& signing_key, Timestamp now) {
    Payload payload{.body = alert_json(alert), .headers = {{"Content-Type", "application/json"}}};
    const std::string seconds =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    payload.headers.push_back({"Idempotency-Key", safe_id(alert)});
    payload.headers.push_back({"X-Virtuoso-Timestamp", seconds});
    if (!signing_key.empty()) {
        payload.headers.push_back(
            {"X-Virtuoso-Signature", "sha256=" + hmac_sha256_hex(signing_key, seconds + "." + payload.body)});
    }
    return payload;
}

}  // namespace vt::notify
