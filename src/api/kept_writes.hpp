#pragma once

#include "api/visitor.hpp"
#include "base/time.hpp"
#include "net/http_message.hpp"
#include "net/http_server.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace vt::api {

/// Answers of changes by the `Idempotency-Key` that they came with: who sends the same change again, because the
/// first answer was lost, gets that answer and changes nothing twice. In memory: it ends with the program. One loop's
/// thread.
class KeptWrites {
public:
    static constexpr std::size_t kWritesMax = 1000;  ///< then the oldest goes
    static constexpr Nanos kKeptFor = std::chrono::hours{1};
    static constexpr std::size_t kKeyBytesMax = 128;

    explicit KeptWrites(std::function<Timestamp()> clock = &net::wall_now);
    ~KeptWrites();
    KeptWrites(const KeptWrites&) = delete;
    KeptWrites& operator=(const KeptWrites&) = delete;

    /// The answer of `carry_out`, or the one that it gave to the same caller with the same key, path and body. A
    /// change that was refused or failed is not kept: it may be sent again.
    ///   out: 400: a key that is none; 409: the first is still being carried out; 422: the key came with another body
    [[nodiscard]] net::HttpReply answer(const net::HttpRequest& request, const Visitor& visitor, std::string_view key,
                                        const std::function<net::HttpReply()>& carry_out);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace vt::api
