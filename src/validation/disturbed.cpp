#include "base/prng.hpp"
#include "cache/envelope.hpp"
#include "cache/server_questions.hpp"
#include "report/text.hpp"
#include "validation/rows.hpp"

#include <array>
#include <chrono>

namespace vt::validation {

using report::Verdict;

namespace {

constexpr std::uint64_t kKeys = 200;

/// Asks for keys whose right answers are known, and checks each. The first tier is emptied again and again, so that
/// the servers are asked, and keys change: what was right before a change is wrong after it. Two of them need two
/// kinds.
class CheckedAnswers {
public:
    CheckedAnswers(const TierSetup& setup, std::string_view kind)
        : tiers_(setup, Which::all), prng_(setup.schema, kind) {
        for (std::uint64_t key = 0; key < kKeys; ++key) keys_.push_back(key_text(kind, key));
    }

    void ask(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            tiers_.set_now(net::wall_now());
            const std::uint64_t key = prng_.below(kKeys);
            if (i % 50 == 0) tiers_.cache().clear_memory();
            if (i % 97 == 0) {
                ++versions_[key];
                tiers_.cache().erase({.text = keys_[key]});
            }
            const std::string right = keys_[key] + " version " + std::to_string(versions_[key]);
            const auto answer = tiers_.answer(
                {.text = keys_[key]}, [right] { return Result<cache::SharedBytes>(cache::shared_bytes(right)); });
            tiers_.turn();
            ++answers_;
            if (!answer) {
                ++failures_;
            } else if (!answer->value.bytes || *answer->value.bytes != right) {
                ++wrong_;
            } else if (answer->source == cache::Source::second || answer->source == cache::Source::third) {
                ++from_servers_;
            }
        }
    }
    [[nodiscard]] const std::vector<std::string>& keys() const { return keys_; }
    [[nodiscard]] std::uint64_t from_servers() const { return from_servers_; }
    [[nodiscard]] bool is_good() const { return wrong_ == 0 && failures_ == 0; }
    [[nodiscard]] std::string text() const {
        return std::to_string(wrong_) + " wrong and " + std::to_string(failures_) + " failed of " +
               std::to_string(answers_) + " answers, " + std::to_string(from_servers_) + " of them from the servers";
    }
    [[nodiscard]] std::uint64_t bad() const { return wrong_ + failures_; }

private:
    TestedTiers tiers_;
    Prng prng_;
    std::vector<std::string> keys_;
    std::array<std::uint64_t, kKeys> versions_{};
    std::uint64_t answers_ = 0, wrong_ = 0, failures_ = 0, from_servers_ = 0;
};

/// Removes the keys from the server by another connection, as somebody else would.
Result<void> remove_behind_its_back(const cache::Connect& connect, const std::vector<std::string>& keys,
                                    std::uint32_t schema) {
    const auto deadline = [] { return std::chrono::steady_clock::now() + kPatience; };
    VT_TRY(const std::unique_ptr<cache::Link> link, connect(deadline()));
    for (const std::string& key : keys)
        if (auto removed = link->remove(cache::wire_key(key, schema), deadline()); !removed) return removed;
    return {};
}

/// Has Redis restarted, and makes sure that it was.
Result<void> restarted(const cache::ServerAddress& address, const std::function<Result<void>()>& restart) {
    const auto deadline = [] { return std::chrono::steady_clock::now() + kPatience; };
    VT_TRY(const std::string before, cache::redis_run_id(address, deadline()));
    if (auto done = restart(); !done) return done;
    VT_TRY(const std::string after, cache::redis_run_id(address, deadline()));
    if (before == after)
        return fail(Errc::refused,
                    "the command ended well, but the Redis that answers is the one from before; give "
                    "--restart-redis a command that restarts it");
    return {};
}

/// The answers before and after what `disturb` does.
void judge(report::Finding& finding, const TierSetup& setup, std::size_t answers,
           const std::function<Result<void>(const std::vector<std::string>& keys)>& disturb) {
    CheckedAnswers checked(setup, finding.name);
    checked.ask(answers);
    const bool was_served = checked.from_servers() > 0;
    const auto done = disturb(checked.keys());
    checked.ask(answers);
    finding.measured = checked.text();
    finding.value = static_cast<double>(checked.bad());
    finding.unit = "wrong or failed answers";
    if (!checked.is_good()) {
        finding.verdict = Verdict::failed;
    } else if (!done) {
        finding.remedy = done.error().what;
    } else if (!was_served) {
        finding.remedy = "no answer came from a server before: see that it answers and has room";
    } else {
        finding.verdict = Verdict::passed;
    }
}

}  // namespace

Findings disturbed(const TierSetup& setup, const Disturbance& disturbance) {
    const std::string keys_text = std::to_string(kKeys);
    Findings out = {
        {.name = "foreign_flush",
         .definition = disturbance.may_flush
                           ? "answers about " + keys_text +
                                 " keys that change, before and after flush_all by another "
                                 "connection"
                           : "answers about " + keys_text +
                                 " keys that change, before and after another connection "
                                 "removed all of them from memcached (flush_all itself with --flush)",
         .wanted = "no answer wrong or missing",
         .measured = "-",
         .verdict = Verdict::not_configured},
        {.name = "redis_restart",
         .definition = "answers about " + keys_text + " keys that change, before and after Redis was restarted",
         .wanted = "no answer wrong or missing",
         .measured = "-",
         .verdict = Verdict::not_configured}};
    if (setup.memcached) {
        out[0].verdict = Verdict::not_measured;
        judge(out[0], setup, disturbance.answers, [&](const std::vector<std::string>& keys) {
            const auto& address = setup.memcached->address;
            return disturbance.may_flush
                       ? cache::flush_memcached(address, std::chrono::steady_clock::now() + kPatience)
                       : remove_behind_its_back(cache::memcached_at(address), keys, setup.schema);
        });
    }
    if (setup.redis) {
        out[1].verdict = Verdict::not_measured;
        if (disturbance.restart_redis) {
            judge(out[1], setup, disturbance.answers,
                  [&](const auto&) { return restarted(setup.redis->address, disturbance.restart_redis); });
        } else {
            out[1].remedy = "say how with --restart-redis COMMAND, e.g. 'systemctl restart redis'";
        }
    }
    return out;
}

}  // namespace vt::validation
