#pragma once

#include "alerts/rule.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vt::alerts {

/// Holds what is seen against all rules, and says what is to be told. Pure: time is in what it is given, and the same
/// order of calls gives the same alerts with the same ids.
///
/// What was seen as critical is told each time, whatever the rules say.
///
/// A rule speaks once in a cooldown of an instrument and side. What it was silent about meanwhile is told at the
/// cooldown's end as one alert (where the kind is digested), which begins another one. A level is crossed by the
/// minute: from where the value stood at the end of the minute before, so that a minute seen in parts and a candle
/// say the same.
class RuleBook {
public:
    static constexpr std::size_t kMostSilences = 100'000;  ///< beyond it the one that ends first is forgotten

    /// In place of those before; a rule of the same name goes on in its cooldown.
    ///   in: each passes check_rule, names are unique
    void set_rules(std::vector<Rule> rules);
    [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }

    /// In order of time, but for what comes seconds late. Appends what is to be told.
    ///   cost: O(log rules + rules about the instrument)
    void take(const Occurrence& seen, std::vector<Alert>& alerts);
    void take(const Reading& seen, std::vector<Alert>& alerts);
    /// Digests of cooldowns that are over. Once a second is enough: it changes when they come, not what they say.
    void on_time(Timestamp now, std::vector<Alert>& alerts);
    /// An alert of an earlier run: its cooldown goes on.
    void resume(const Alert& told);

    /// Rules that were to speak once and did, since the last call. They are off.
    [[nodiscard]] std::vector<std::string> take_spent();
    [[nodiscard]] std::size_t silences() const { return silences_.size(); }

private:
    /// Since a rule spoke about an instrument and side.
    struct Silence {
        std::uint32_t rule = 0;
        Timestamp until;
        std::uint32_t count = 0;            ///< seen since
        std::optional<Occurrence> largest;  ///< of them
    };
    /// Where a value stood, for one rule and instrument.
    struct Standing {
        std::optional<bool> is_above;  ///< the level, at the end of the minute before
        bool is_judged = false;        ///< it was crossed in the minute in hand, and told or held back
        Timestamp minute;
        double low = 0, high = 0, last = 0;  ///< of the minute in hand
    };
    /// Rules of one kind, by what they name.
    struct Index {
        std::vector<std::uint32_t> of_all;
        std::map<std::string, std::vector<std::uint32_t>, std::less<>> of_symbol;
    };
    using Silences = std::map<std::string, Silence, std::less<>>;

    template <class Visit>
    void each_rule(Kind kind, const std::string& instrument, const std::string& symbol, Visit&& visit);
    [[nodiscard]] static std::string key_of(const Rule& rule, std::string_view instrument, std::optional<Side> side);
    [[nodiscard]] bool may_speak(std::uint32_t rule, const Occurrence& seen, std::vector<Alert>& alerts);
    /// Tells what was held back, if anything, as often as a cooldown ended until `now`. out: it is over
    bool end_silence(Silence& silence, Timestamp now, std::vector<Alert>& alerts);
    void begin_silence(std::string key, std::uint32_t rule, Timestamp until);
    void cross(std::uint32_t rule, const Reading& seen, std::vector<Alert>& alerts);
    void speak(std::uint32_t rule, Alert alert, std::vector<Alert>& alerts);

    std::vector<Rule> rules_;
    std::array<Index, kKindCount> indexes_;
    Silences silences_;
    std::map<std::string, Standing, std::less<>> standings_;
    std::vector<std::string> spent_;
};

/// What a rule would have told.
///   in:   in order of time each; `until`: cooldowns that end by then are told
///   out:  the alerts that RuleBook would have told with this rule alone
///   cost: O(occurrences + readings)
[[nodiscard]] std::vector<Alert> preview(const Rule& rule, std::span<const Occurrence> occurrences,
                                         std::span<const Reading> readings, Timestamp until);

}  // namespace vt::alerts
