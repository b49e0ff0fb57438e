#include "api/cached_answers.hpp"

#include "base/digest.hpp"
#include "obs/log.hpp"

#include <algorithm>
#include <chrono>
#include <list>
#include <map>
#include <set>
#include <utility>

namespace vt::api {
namespace {

using std::chrono::steady_clock;

/// Responses that are ready for the wire: one is made for each answer and second of its age, not for each reader.
constexpr std::size_t kPreparedMax = 64;
constexpr Nanos kSweepEvery = std::chrono::seconds{1};

std::int64_t seconds_of(Nanos age) { return std::chrono::floor<std::chrono::seconds>(age).count(); }

/// 16 hexadecimal digits that stand for a key.
std::string short_name(const std::string& key) {
    Digest digest;
    digest.update(key);
    return digest.hex().substr(0, 16);
}

net::PreparedResponsePtr response_of(const std::string& body, cache::Source source, Nanos age) {
    std::vector<net::HttpHeader> headers = stored_headers();
    headers.push_back({"X-Cache", std::string(source_name(source))});
    headers.push_back({"Age", std::to_string(seconds_of(age))});
    return net::prepare({.content_type = "application/json",
                         .body = body,
                         .headers = std::move(headers),
                         .has_etag = true,
                         .packs_when_asked = true,
                         .tells_time = true});
}

}  // namespace

net::PreparedResponsePtr question_problem(const Error& error) {
    const bool is_question_wrong = error.code == Errc::malformed || error.code == Errc::out_of_range;
    return problem(is_question_wrong ? 400 : 503, error.what);
}

struct CachedAnswers::State : std::enable_shared_from_this<CachedAnswers::State> {
    struct Remembered {
        Subject subject;
        Timestamp asked_at = {};
    };
    struct Prepared {
        cache::SharedBytes bytes;  // the same bytes: the same answer
        std::int64_t age_seconds = 0;
        net::PreparedResponsePtr response;
    };
    using Subjects = std::list<Remembered>;  // the last asked first

    State(net::Loop& given_loop, CachingParams given, std::function<std::vector<Subject>()> given_always)
        : loop(given_loop), params(std::move(given)), always(std::move(given_always)) {}

    void remember(const Subject& subject) {
        const auto known = by_name.find(subject.name);
        if (known != by_name.end()) {
            known->second->asked_at = params.clock();
            subjects.splice(subjects.begin(), subjects, known->second);
            return;
        }
        if (subjects.size() >= kSubjectsMax) {
            by_name.erase(subjects.back().subject.name);
            subjects.pop_back();
        }
        subjects.push_front({.subject = subject, .asked_at = params.clock()});
        by_name.emplace(subject.name, subjects.begin());
    }

    net::HttpReply answer(const Subject& subject) {
        auto question = subject.now();
        if (!question) return problem(503, "there is nothing to answer this from at the moment; try again");
        if (params.tiers == nullptr) return computed(subject.route, std::move(*question));
        const auto begun = steady_clock::now();
        const cache::Key key{.ttl_class = question->ttl_class, .text = question->key};
        if (auto found = params.tiers->find(key)) {
            const Nanos taken = steady_clock::now() - begun;
            if (found->is_refresh_due) renew(key, found->value.made_at, std::move(question->origin), {});
            return served(subject, *question, {.value = std::move(found->value), .source = cache::Source::memory},
                          taken);
        }
        return net::PendingResponse{[self = weak_from_this(), subject, question = std::move(*question),
                                     begun](const net::PendingResponse::Done& done) mutable {
            const auto state = self.lock();
            if (!state) return;
            const cache::Key wanted{.ttl_class = question.ttl_class, .text = question.key};
            auto origin = std::exchange(question.origin, {});  // not held for as long as others compute
            state->fetch(wanted, std::move(origin),
                         [self, subject, question, begun, done](const Result<cache::Answer>& answer) {
                             if (const auto later = self.lock())
                                 done(later->concluded(subject, question, answer, steady_clock::now() - begun));
                         });
        }};
    }

    net::PreparedResponsePtr concluded(const Subject& subject, const CachedQuestion& question,
                                       const Result<cache::Answer>& answer, Nanos taken) {
        if (answer) return served(subject, question, *answer, taken);
        traffic.count_failure();
        return question_problem(answer.error());
    }

    net::PreparedResponsePtr served(const Subject& subject, const CachedQuestion& question,
                                    const cache::Answer& answer, Nanos taken) {
        const std::string& key = question.key;
        const Nanos age = std::max(Nanos{0}, params.clock() - answer.value.made_at);
        traffic.count(subject.route, answer.source, taken, age);
        // The log of requests, for measurements of the cache: which key, not what was asked.
        if (obs::is_logged(obs::LogLevel::debug))
            obs::log_debug("cache", std::string(source_name(answer.source)) + " " + short_name(key));
        remember(subject);  // not before: a question without an answer is not worth warming
        if (const auto warmed = unread.find(key); warmed != unread.end()) {
            if (warmed->second == answer.value.made_at) ++warming.read;
            unread.erase(warmed);
        }
        const bool is_nothing = answer.value.bytes == nullptr;
        if (is_nothing) return response_of(question.body_of_nothing, answer.source, age);
        if (answer.source != cache::Source::memory) return response_of(*answer.value.bytes, answer.source, age);
        if (prepared.size() >= kPreparedMax && !prepared.contains(key)) prepared.clear();
        Prepared& ready = prepared[key];
        if (ready.bytes != answer.value.bytes || ready.age_seconds != seconds_of(age))
            ready = {.bytes = answer.value.bytes,
                     .age_seconds = seconds_of(age),
                     .response = response_of(*answer.value.bytes, answer.source, age)};
        return ready.response;
    }

    /// Without tiers.
    net::HttpReply computed(const std::string& route, CachedQuestion question) {
        const auto respond = [self = weak_from_this(), route, nothing = std::move(question.body_of_nothing),
                              begun = steady_clock::now(),
                              made_at = params.clock()](const Result<cache::SharedBytes>& made) {
            const auto state = self.lock();
            if (!state) return problem(503, "the program is stopping");
            if (!made) return question_problem(made.error());
            const Nanos age = std::max(Nanos{0}, state->params.clock() - made_at);
            state->traffic.count(route, cache::Source::origin, steady_clock::now() - begun, age);
            return response_of(*made ? **made : nothing, cache::Source::origin, age);
        };
        if (const auto* origin = std::get_if<cache::TieredCache::Origin>(&question.origin))
            return respond((*origin)());
        return net::PendingResponse{[loop_of_answers = &loop, respond,
                                     origin = std::get<cache::TieredCache::LateOrigin>(std::move(question.origin))](
                                        const net::PendingResponse::Done& done) {
            origin([loop_of_answers, respond, done](Result<cache::SharedBytes> made) {
                loop_of_answers->post([respond, done, made = std::move(made)] { done(respond(made)); });
            });
        }};
    }

    void fetch(cache::Key key, decltype(CachedQuestion::origin) origin, cache::TieredCache::Done done) {
        std::visit([&](auto&& one) { params.tiers->fetch(key, std::move(one), std::move(done)); }, std::move(origin));
    }

    void renew(cache::Key key, Timestamp made_at, decltype(CachedQuestion::origin) origin,
               cache::TieredCache::Done done) {
        if (auto* late = std::get_if<cache::TieredCache::LateOrigin>(&origin)) {
            params.tiers->renew(key, made_at, std::move(*late), std::move(done));
            return;
        }
        auto plain = std::get<cache::TieredCache::Origin>(std::move(origin));
        if (!done) {
            params.tiers->renew(key, made_at, std::move(plain));
            return;
        }
        params.tiers->renew(
            key, made_at, [plain = std::move(plain)](const cache::TieredCache::Finish& finish) { finish(plain()); },
            std::move(done));
    }

    // --- warming

    [[nodiscard]] std::vector<Subject> wanted() {
        std::vector<Subject> all;
        std::set<std::string> named;
        const Timestamp oldest = params.clock() - kDemandAge;
        for (const Remembered& one : subjects) {
            if (one.asked_at < oldest) break;
            if (named.insert(one.subject.name).second) all.push_back(one.subject);
        }
        for (Subject& one : always()) {
            if (named.insert(one.name).second) all.push_back(std::move(one));
        }
        return all;
    }

    void warm(std::function<void(const WarmedCycle&)> done) {
        if (done) waiting.push_back(std::move(done));
        if (warming.is_under_way) return;
        warming.is_under_way = true;
        cycle = {};
        queue = params.tiers != nullptr ? wanted() : std::vector<Subject>{};
        std::reverse(queue.begin(), queue.end());  // taken from the end
        cycle_ends = steady_clock::now() + params.warm_budget;
        go_on();
    }

    /// The next key of the cycle, or its end. An answer within the call is taken here, not deeper on the stack.
    void go_on() {
        while (!queue.empty() && cycle.attempted < params.warm_keys_max && steady_clock::now() < cycle_ends) {
            const Subject subject = std::move(queue.back());
            queue.pop_back();
            auto question = subject.now();
            if (!question) continue;
            ++cycle.attempted;
            const auto is_within = std::make_shared<bool>(true);
            const auto is_done = std::make_shared<bool>(false);
            compute_anew(std::move(*question), [self = weak_from_this(), is_within, is_done] {
                *is_done = true;
                if (*is_within) return;
                if (const auto state = self.lock()) state->go_on();
            });
            *is_within = false;
            if (!*is_done) return;
        }
        end_cycle();
    }

    void compute_anew(CachedQuestion question, std::function<void()> next) {
        const cache::Key key{.ttl_class = question.ttl_class, .text = question.key};
        const auto done = [self = weak_from_this(), text = question.key,
                           next = std::move(next)](const Result<cache::Answer>& answer) {
            if (const auto state = self.lock(); state && answer) {
                ++state->cycle.warmed;
                if (state->unread.size() >= 2 * kSubjectsMax) state->unread.clear();  // a count for show
                state->unread[text] = answer->value.made_at;
            }
            next();
        };
        if (const auto found = params.tiers->find(key)) {
            renew(key, found->value.made_at, std::move(question.origin), done);
        } else {
            fetch(key, std::move(question.origin), done);
        }
    }

    void end_cycle() {
        cycle.left_out = queue.size();
        queue.clear();
        warming.is_under_way = false;
        warming.last = cycle;
        warming.last_at = params.clock();
        ++warming.cycles;
        warming.total.attempted += cycle.attempted;
        warming.total.warmed += cycle.warmed;
        warming.total.left_out += cycle.left_out;
        const auto told = std::exchange(waiting, {});
        for (const auto& done : told) done(warming.last);
    }

    void plan() {
        if (!params.schedule || params.warm_keys_max == 0 || params.tiers == nullptr) return;
        const Timestamp now = params.clock();
        warming.next_at = params.schedule->next_after(now);
        warm_timer = loop.after(*warming.next_at - now, [self = weak_from_this()] {
            const auto state = self.lock();
            if (!state) return;
            state->warm({});
            state->plan();
        });
    }

    void sweep() {
        if (params.tiers == nullptr) return;
        (void)params.tiers->sweep();
        prepared.clear();  // their ages are over; and they hold what the tiers may have let go
        sweep_timer = loop.after(kSweepEvery, [self = weak_from_this()] {
            if (const auto state = self.lock()) state->sweep();
        });
    }

    net::Loop& loop;
    CachingParams params;
    std::function<std::vector<Subject>()> always;
    CacheTraffic traffic;
    Subjects subjects;
    std::map<std::string, Subjects::iterator, std::less<>> by_name;
    std::map<std::string, Prepared, std::less<>> prepared;
    std::map<std::string, Timestamp, std::less<>> unread;  // warmed, by key: when that was made
    WarmingState warming;
    WarmedCycle cycle;
    std::vector<Subject> queue;  // of the cycle; the next one last
    steady_clock::time_point cycle_ends{};
    std::vector<std::function<void(const WarmedCycle&)>> waiting;
    net::TimerId warm_timer{};
    net::TimerId sweep_timer{};
};

CachedAnswers::CachedAnswers(net::Loop& loop, CachingParams params, std::function<std::vector<Subject>()> always)
    : state_(std::make_shared<State>(loop, std::move(params), std::move(always))) {}

CachedAnswers::~CachedAnswers() {
    state_->loop.cancel(state_->warm_timer);
    state_->loop.cancel(state_->sweep_timer);
}

net::HttpReply CachedAnswers::answer(const Subject& subject) { return state_->answer(subject); }

void CachedAnswers::start() {
    state_->plan();
    state_->sweep();
}

void CachedAnswers::warm(std::function<void(const WarmedCycle&)> done) { state_->warm(std::move(done)); }

void CachedAnswers::flush() {
    state_->prepared.clear();
    state_->unread.clear();
    if (state_->params.tiers != nullptr) state_->params.tiers->erase_all();
}

const CachingParams& CachedAnswers::params() const { return state_->params; }
const CacheTraffic& CachedAnswers::traffic() const { return state_->traffic; }

WarmingState CachedAnswers::warming() const {
    WarmingState now = state_->warming;
    if (state_->params.schedule && state_->params.warm_keys_max > 0)
        now.hours = state_->params.schedule->hours_at(state_->params.clock());
    return now;
}

}  // namespace vt::api
