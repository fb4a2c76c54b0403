// A race on purpose: two threads reserve and commit in the same ring, which allows one producer. A
// green run under ThreadSanitizer means something only while this one is reported.
#include <cstring>
#include <thread>

#include "runtime/ipc/fabric.h"
#include "runtime/ipc/record_ring.h"

int main() {
  auto fabric = ray::ipc::Fabric::create({.processes = 1, .channels = 1});
  if (!fabric.ok()) return 2;
  ray::ipc::RequestProducer producer(fabric->channel(0)->requests);
  const auto produce = [&] {
    for (int i = 0; i < 100; ++i) {
      std::byte* payload = producer.reserve(sizeof i);
      if (payload == nullptr) return;
      std::memcpy(payload, &i, sizeof i);
      producer.commit(1, 0, 0);
      producer.publish();
    }
  };
  std::thread other(produce);
  produce();
  other.join();
}
