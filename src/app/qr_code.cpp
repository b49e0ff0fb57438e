#include "app/qr_code.hpp"

#include <qrencode.h>

#include <memory>

namespace vt::app {
namespace {

constexpr int kQuietZone = 2;  // modules of margin: the standard's four are more than telephones need

struct QrFree {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

std::string qr_code(const std::string& text) {
    const std::unique_ptr<QRcode, QrFree> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
    if (!code) return {};
    const int width = code->width;
    const auto is_dark = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < width && y < width && (code->data[y * width + x] & 1U) != 0;
    };
    std::string out;
    for (int y = -kQuietZone; y < width + kQuietZone; y += 2) {
        for (int x = -kQuietZone; x < width + kQuietZone; ++x) {
            const bool upper = !is_dark(x, y), lower = !is_dark(x, y + 1);  // light modules are drawn
            out += upper && lower ? "\u2588" : upper ? "\u2580" : lower ? "\u2584" : " ";
        }
        out += '\n';
    }
    return out;
}

}  // namespace vt::app
