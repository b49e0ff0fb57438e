#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace vt {

/// What went wrong, by what the caller can do about it.
enum class Errc : std::uint8_t {
    malformed,      ///< the bytes are not what the format says: reject the message, count it, resynchronise
    unsupported,    ///< well-formed, but a version or kind this program does not know
    out_of_range,   ///< a number that its type cannot hold exactly
    not_found,
    already_exists,
    in_use,         ///< another process has it
    unavailable,    ///< the other side or the device does not answer: try again later
    refused,        ///< the other side said no
    corrupt,        ///< stored bytes fail their checksum
    io,             ///< the operating system said no
    configuration,  ///< the user's configuration or command line
};

[[nodiscard]] std::string_view name(Errc code);

/// A failure that the world can cause. `what` names the thing, the place and, where there is one, the remedy. Never
/// contains secrets.
struct Error {
    Errc code = Errc::malformed;
    std::string what;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string what) {
    return tl::unexpected<Error>(Error{code, std::move(what)});
}

}  // namespace vt

/// Unwraps a Result into `target` (a declaration or an lvalue), or returns its error.
#define VT_TRY(target, expression) VT_TRY_IMPL(target, expression, VT_TRY_CONCAT(vt_try_, __LINE__))
#define VT_TRY_CONCAT(a, b) VT_TRY_CONCAT_IMPL(a, b)
#define VT_TRY_CONCAT_IMPL(a, b) a##b
#define VT_TRY_IMPL(target, expression, holder)                              \
    auto holder = (expression);                                              \
    if (!holder) return tl::unexpected<::vt::Error>(std::move(holder.error())); \
    target = std::move(*holder)
