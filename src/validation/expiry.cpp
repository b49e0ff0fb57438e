#include "cache/envelope.hpp"
#include "cache/server_questions.hpp"
#include "report/text.hpp"
#include "validation/rows.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace vt::validation {

using report::Verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Nanos kAllowance = seconds{1};  ///< past its time to live a value may still take up room
constexpr std::array kClasses = {cache::TtlClass::overview, cache::TtlClass::movers, cache::TtlClass::signals,
                                 cache::TtlClass::scores, cache::TtlClass::other};

/// A tier of the setup, by the names that people and code have for it.
struct TierPlace {
    cache::Tier tier;
    Which which;
    std::string name;                   ///< "l2"
    std::optional<ServerSetup> server;  ///< nothing: memory
    std::uint32_t schema;
    [[nodiscard]] Result<std::optional<milliseconds>> time_left(const std::string& key) const {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        const std::string place = cache::wire_key(key, schema);
        return tier == cache::Tier::second ? cache::memcached_time_left(server->address, place, deadline)
                                           : cache::redis_time_left(server->address, place, deadline);
    }
};

const TierPlace kMemory{.tier = cache::Tier::memory, .which = Which::memory, .name = "l1", .server = {}, .schema = 0};
TierPlace second_of(const TierSetup& setup) {
    return {.tier = cache::Tier::second,
            .which = Which::second,
            .name = "l2",
            .server = setup.memcached,
            .schema = setup.schema};
}
TierPlace third_of(const TierSetup& setup) {
    return {.tier = cache::Tier::third,
            .which = Which::third,
            .name = "l3",
            .server = setup.redis,
            .schema = setup.schema};
}

report::Finding not_configured(std::string name, std::string definition, std::string wanted) {
    return {.name = std::move(name),
            .definition = std::move(definition),
            .wanted = std::move(wanted),
            .measured = "-",
            .verdict = Verdict::not_configured};
}

/// Asks until the server has the key; writes are on their way for a moment.
///   out: nothing: it never came
Result<std::optional<milliseconds>> awaited_time_left(const TierPlace& place, const std::string& key) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        auto left = place.time_left(key);
        if (!left || *left || std::chrono::steady_clock::now() > end) return left;
        std::this_thread::sleep_for(milliseconds{1});
    }
}

/// What was seen of one class in one tier.
struct Seen {
    bool was_served_before = false;  ///< a millisecond before its time was over
    bool was_served_after = false;   ///< when it was over
    bool was_kept = false;           ///< a second later something was still there, or the server means to
    Nanos kept_for{};                ///< as the server says
};

Seen seen_in_memory(const TierSetup& setup, const std::string& text, cache::TtlClass ttl_class, Nanos ttl) {
    TestedTiers tiers(setup, Which::memory);
    const cache::Key key{.ttl_class = ttl_class, .text = text};
    (void)tiers.answer(key, [] { return Result<cache::SharedBytes>(cache::shared_bytes("x")); });
    Seen out;
    tiers.advance(ttl - milliseconds{1});
    out.was_served_before = tiers.cache().find(key).has_value();
    tiers.advance(milliseconds{1});
    out.was_served_after = tiers.cache().find(key).has_value();
    tiers.advance(kAllowance);
    (void)tiers.cache().sweep();
    out.was_kept = tiers.cache().counters().memory.items != 0;
    return out;
}

Result<Seen> seen_on_server(const TierSetup& setup, const TierPlace& place, const std::string& text,
                            cache::TtlClass ttl_class, Nanos ttl) {
    TestedTiers tiers(setup, place.which);
    const cache::Key key{.ttl_class = ttl_class, .text = text};
    const auto origin = [] { return Result<cache::SharedBytes>(cache::shared_bytes("x")); };
    const auto source = place.tier == cache::Tier::second ? cache::Source::second : cache::Source::third;
    VT_TRY(const cache::Answer made, tiers.answer(key, origin));
    VT_TRY(const std::optional<milliseconds> left, awaited_time_left(place, text));
    if (!left) return fail(Errc::unavailable, "a value that was written is not there");
    Seen out{.was_kept = *left > ttl + kAllowance, .kept_for = *left};
    const auto is_served_at = [&](Timestamp at) -> Result<bool> {
        tiers.cache().clear_memory();
        tiers.set_now(at);
        VT_TRY(const cache::Answer answer, tiers.answer(key, origin));
        return answer.source == source;
    };
    VT_TRY(out.was_served_before, is_served_at(made.value.made_at + ttl - milliseconds{1}));
    VT_TRY(out.was_served_after, is_served_at(made.value.made_at + ttl));
    return out;
}

report::Finding expiry_of(const TierSetup& setup, const TierPlace& place) {
    const bool is_memory = place.tier == cache::Tier::memory;
    report::Finding out{
        .name = place.name + "_expiry",
        .definition =
            is_memory
                ? "a value of each class, in virtual time: looked up a millisecond before its time to live is over "
                  "and "
                  "when it is; a second later the tier must hold nothing"
                : "a value of each class: the server is asked for how long it will keep it; in virtual time it is "
                  "fetched a millisecond before its time to live is over and when it is",
        .wanted = "never served at its time to live or later, gone within a second more"};
    if (!is_memory && !place.server) return not_configured(out.name, out.definition, out.wanted);
    std::string failures, unmeasured;
    for (const cache::TtlClass ttl_class : kClasses) {
        const Nanos ttl = setup.ttl.ttl(ttl_class, place.tier, false);
        const std::string text = key_text(out.name, static_cast<std::uint64_t>(ttl_class));
        const Result<Seen> seen = is_memory ? Result<Seen>(seen_in_memory(setup, text, ttl_class, ttl))
                                            : seen_on_server(setup, place, text, ttl_class, ttl);
        const std::string name(cache::name(ttl_class));
        if (!seen) {
            unmeasured += (unmeasured.empty() ? "" : "; ") + name + ": " + seen.error().what;
            continue;
        }
        if (!seen->was_served_before)
            unmeasured += (unmeasured.empty() ? "" : "; ") + name + ": was gone before its time";
        if (seen->was_served_after) failures += "; " + name + " was served past its time";
        if (seen->was_kept)
            failures += "; " + name + " is kept " +
                        (is_memory ? std::string("past its time") : "for " + report::duration_text(seen->kept_for));
    }
    if (!failures.empty()) {
        out.verdict = Verdict::failed;
        out.measured = failures.substr(2);
    } else if (!unmeasured.empty()) {
        out.verdict = Verdict::not_measured;
        out.measured = unmeasured;
        out.remedy = "see that the server answers and has room";
    } else {
        out.verdict = Verdict::passed;
        out.measured = "so in all " + std::to_string(kClasses.size()) + " classes";
    }
    return out;
}

/// A value with two seconds to live in one tier, watched by the real clock.
class WatchedValue {
public:
    WatchedValue(const TierSetup& setup, TierPlace place)
        : place_(std::move(place)), text_(key_text(place_.name + "_real_time", 0)), tiers_(setup, place_.which) {
        (void)tiers_.answer({.text = text_}, [] { return Result<cache::SharedBytes>(cache::shared_bytes("x")); });
        begun_ = std::chrono::steady_clock::now();
        has_come_ = place_.tier == cache::Tier::memory || awaited_time_left(place_, text_).value_or(std::nullopt);
    }
    /// Looks again.
    void look() {
        if (gone_after_ || !has_come_) return;
        tiers_.set_now(net::wall_now());
        bool is_there = false;
        if (place_.tier == cache::Tier::memory) {
            (void)tiers_.cache().sweep();
            is_there = tiers_.cache().counters().memory.items > 0;
        } else {
            const auto left = place_.time_left(text_);
            is_there = !left || left->has_value();  // a server that does not answer proves nothing
        }
        if (!is_there) gone_after_ = std::chrono::steady_clock::now() - begun_;
    }
    [[nodiscard]] bool is_over() const { return gone_after_ || !has_come_; }
    [[nodiscard]] report::Finding finding(Nanos ttl, Nanos watched_for) const {
        report::Finding out{.name = place_.name + "_expiry_in_real_time",
                            .definition = "a value with " + report::duration_text(ttl) +
                                          " to live, by this machine's clock: when the tier has it no more",
                            .wanted = "within " + report::duration_text(ttl + kAllowance)};
        if (!has_come_) {
            out.measured = "the value did not get there";
            out.remedy = "see that the server answers and has room";
            return out;
        }
        out.measured = gone_after_ ? "after " + report::duration_text(gone_after_)
                                   : "still there after " + report::duration_text(watched_for);
        out.verdict = gone_after_ && *gone_after_ <= ttl + kAllowance ? Verdict::passed : Verdict::failed;
        if (gone_after_) out.value = std::chrono::duration<double>(*gone_after_).count();
        out.unit = "s";
        return out;
    }

private:
    TierPlace place_;
    std::string text_;
    TestedTiers tiers_;
    std::chrono::steady_clock::time_point begun_{};
    bool has_come_ = false;
    std::optional<Nanos> gone_after_;
};

}  // namespace

Findings expiry(const TierSetup& setup) {
    return {expiry_of(setup, kMemory), expiry_of(setup, second_of(setup)), expiry_of(setup, third_of(setup))};
}

Findings expiry_in_real_time(const TierSetup& setup) {
    constexpr Nanos kTtl = seconds{2}, kWatchedFor = seconds{4};
    TierSetup brief = setup;
    for (auto& row : brief.ttl.by_class) row.fill(kTtl);
    std::vector<std::unique_ptr<WatchedValue>> watched;
    watched.push_back(std::make_unique<WatchedValue>(brief, kMemory));
    if (setup.memcached) watched.push_back(std::make_unique<WatchedValue>(brief, second_of(setup)));
    if (setup.redis) watched.push_back(std::make_unique<WatchedValue>(brief, third_of(setup)));
    const auto end = std::chrono::steady_clock::now() + kWatchedFor;
    const auto is_over = [](const auto& each) { return each->is_over(); };
    while (!std::ranges::all_of(watched, is_over) && std::chrono::steady_clock::now() < end) {
        for (const auto& each : watched) each->look();
        std::this_thread::sleep_for(milliseconds{20});
    }
    Findings out;
    for (const auto& each : watched) out.push_back(each->finding(kTtl, kWatchedFor));
    for (const auto& [server, name] : {std::pair(&setup.memcached, "l2"), std::pair(&setup.redis, "l3")})
        if (!*server)
            out.push_back(not_configured(std::string(name) + "_expiry_in_real_time", "as of the first tier",
                                         "within " + report::duration_text(kTtl + kAllowance)));
    return out;
}

}  // namespace vt::validation
