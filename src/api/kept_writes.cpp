#include "api/kept_writes.hpp"

#include "api/route.hpp"
#include "base/digest.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <utility>

namespace vt::api {
namespace {

/// Who may be told what this one was told.
std::string caller_name(const Visitor& visitor) {
    if (!visitor.caller) return "nobody " + visitor.place.address;
    return visitor.caller->user + " " + visitor.caller->session + " " + visitor.caller->token;
}

std::string digest_of(std::string_view body) {
    Digest digest;
    digest.update(body);
    return digest.hex();
}

bool is_key(std::string_view key) {
    return !key.empty() && key.size() <= KeptWrites::kKeyBytesMax &&
           std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

/// The same response, saying that it was given before.
net::PreparedResponsePtr repeated(const net::PreparedResponsePtr& response) {
    auto made = std::make_shared<net::PreparedResponse>(*response);
    for (auto* form : {&made->identity, &made->gzip, &made->brotli}) {
        if (!form->head.empty()) form->head += "Idempotency-Replayed: true\r\n";
    }
    return made;
}

}  // namespace

struct KeptWrites::State {
    struct Write {
        std::string name;  ///< caller, method, path and key
        std::string body;  ///< its digest
        Timestamp at;
        std::uint64_t number = 0;
        net::PreparedResponsePtr response;  ///< null: under way
    };

    std::function<Timestamp()> clock;
    std::list<Write> writes;  ///< the oldest first
    std::map<std::string, std::list<Write>::iterator, std::less<>> by_name;
    std::uint64_t number = 0;

    void remove(std::list<Write>::iterator write) {
        by_name.erase(write->name);
        writes.erase(write);
    }
    void forget_old(Timestamp now) {
        while (!writes.empty() && now - writes.front().at > kKeptFor) remove(writes.begin());
    }
    void add(Write write) {
        if (writes.size() >= kWritesMax) remove(writes.begin());
        writes.push_back(std::move(write));
        by_name.emplace(writes.back().name, std::prev(writes.end()));
    }
    /// The write with that name has ended, if it is still the one with that number.
    void conclude(const std::string& name, std::uint64_t of, const net::PreparedResponsePtr& response) {
        const auto found = by_name.find(name);
        if (found == by_name.end() || found->second->number != of) return;
        if (response && response->status < 300) {
            found->second->response = response;
        } else {
            remove(found->second);
        }
    }
};

KeptWrites::KeptWrites(std::function<Timestamp()> clock) : state_(std::make_shared<State>()) {
    state_->clock = std::move(clock);
}
KeptWrites::~KeptWrites() = default;

net::HttpReply KeptWrites::answer(const net::HttpRequest& request, const Visitor& visitor, std::string_view key,
                                  const std::function<net::HttpReply()>& carry_out) {
    if (!is_key(key))
        return problem(400, "Idempotency-Key is 1 to " + std::to_string(kKeyBytesMax) + " visible ASCII characters");
    const Timestamp now = state_->clock();
    state_->forget_old(now);
    std::string name = caller_name(visitor) + "\n" + std::string(net::name(request.method)) + " " +
                       std::string(request.path) + "?" + std::string(request.query) + "\n" + std::string(key);
    const std::string body = digest_of(request.body);
    if (const auto known = state_->by_name.find(name); known != state_->by_name.end()) {
        const State::Write& write = *known->second;
        if (write.body != body) return problem(422, "this Idempotency-Key came with another body before");
        if (!write.response) return problem(409, "the change with this Idempotency-Key is still being carried out");
        return repeated(write.response);
    }
    const std::uint64_t number = ++state_->number;
    state_->add({.name = name, .body = body, .at = now, .number = number, .response = nullptr});
    net::HttpReply reply;
    try {
        reply = carry_out();
    } catch (...) {
        state_->conclude(name, number, nullptr);
        throw;
    }
    if (auto* pending = std::get_if<net::PendingResponse>(&reply)) {
        pending->begin = [weak = std::weak_ptr<State>(state_), name, number,
                          begin = std::move(pending->begin)](const net::PendingResponse::Done& done) {
            begin([weak, name, number, done](net::PreparedResponsePtr response) {
                if (const auto state = weak.lock()) state->conclude(name, number, response);
                done(std::move(response));
            });
        };
        return reply;
    }
    const auto* late = std::get_if<net::LateResponse>(&reply);
    const auto* response = late != nullptr ? &late->response : std::get_if<net::PreparedResponsePtr>(&reply);
    state_->conclude(name, number, response != nullptr ? *response : nullptr);
    return reply;
}

}  // namespace vt::api
